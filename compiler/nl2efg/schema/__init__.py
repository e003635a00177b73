"""What travels between the rooms and is written to files: sketch, record, diagnostics, builds."""
