"""Kafka's users, topics and rights, made from the event catalogue."""
