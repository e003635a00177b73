"""Code for pygambit 16.7: lists of nodes, found by a helper ``after``."""
