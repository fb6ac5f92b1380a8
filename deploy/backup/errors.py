"""What an operator can mend, in one line."""


class BackupError(Exception):
    """Why a back-up or a restore was not done, and what to do; it says if anything was changed."""
