"""Who holds which post (职务) of which organisation, from when to when, in which council's term (届). Not here: duties that follow from a post."""
