"""Equilibria of families of games: strategies, values and conditions as expressions of letters.

The algebra is sympy's and z3's, imported when it is needed.
"""
