"""What a person can mend, in one line."""


class LocalError(Exception):
    """Something on this machine is missing or in the way; the text says what to do."""
