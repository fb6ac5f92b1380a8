"""`make rotate`: another password or key, with two good meanwhile."""
