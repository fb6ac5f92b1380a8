"""From a file, whatever its kind, to the letter's text; nothing in here reads its meaning."""
