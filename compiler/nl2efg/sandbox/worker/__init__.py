"""The process that runs generated code, and its children."""
