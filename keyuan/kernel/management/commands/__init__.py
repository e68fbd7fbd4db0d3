"""One file a command; each asks, acts and prints."""
