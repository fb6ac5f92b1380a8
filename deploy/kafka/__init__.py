"""Apache Kafka on this machine, for demo, tests and development."""
