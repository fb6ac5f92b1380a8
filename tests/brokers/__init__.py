"""Three brokers, lost one after the other under load."""
