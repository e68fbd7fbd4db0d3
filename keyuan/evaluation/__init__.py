"""Anonymous evaluation (教学评估): forms, counters and shuffled texts. No key from an answer to a person exists."""
