"""Who sees, makes, reviews and learns which course."""
