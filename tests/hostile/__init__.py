"""Hostile programs, and an observer outside the sandbox that sees whether one of them wins."""
