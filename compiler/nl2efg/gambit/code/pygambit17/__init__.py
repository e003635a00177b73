"""Code for pygambit 17: selectors of histories."""
