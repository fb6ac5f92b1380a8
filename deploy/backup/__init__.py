"""Four databases to a folder and back, and what Kafka and they then know of each other."""
