"""PostgreSQL, a Kafka broker and processes on this machine, without Docker or a JVM."""
