"""The description as text: its sentences, numbers, names and vocabulary."""
