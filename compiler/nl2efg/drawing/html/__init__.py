"""The report: one interactive page that needs no network."""
