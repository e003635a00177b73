"""The run folder: what is kept, and how it survives a kill."""
