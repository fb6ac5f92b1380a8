"""From the letter's text to a proposed directive: pure functions, no network, no database."""
