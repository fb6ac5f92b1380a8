"""Tables of orders, however a letter has them: drawn, typed, flattened, or one cell a line."""
