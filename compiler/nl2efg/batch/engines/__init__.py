"""Where the texts of a corpus are compiled: here, on a Ray cluster, or by the Batch API."""
