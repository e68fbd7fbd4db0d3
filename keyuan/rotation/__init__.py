"""Who must be trained within which window, and how far that is (轮训调训). Not here: the duties of heads (听一课讲一课)."""
