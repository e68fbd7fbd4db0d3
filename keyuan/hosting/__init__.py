"""Whose turn it is to host a series of events (承办轮值), why, and how the event goes. Not here: the plan's activities, duties of terms, supervision."""
