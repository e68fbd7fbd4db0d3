"""What was resolved, planned or owed becomes an item with owner, deadline and evidence, and is followed until proven (督办). Not here: the resolutions and duties themselves."""
