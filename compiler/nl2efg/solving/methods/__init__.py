"""The algorithms that propose an equilibrium of a subgame."""
