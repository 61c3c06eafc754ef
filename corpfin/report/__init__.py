"""What the studies found, written down: the one-page answer, the JSON document, CSV tables, the walk of a cell."""
