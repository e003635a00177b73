"""``python -m nl2efg``."""

from nl2efg.cli import main

main()
