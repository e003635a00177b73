"""The engine ``ray``: the texts of a corpus on the machines of a cluster."""
