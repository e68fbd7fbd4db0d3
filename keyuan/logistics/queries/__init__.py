"""Reads of what is arranged for a class: for those who arrange it, for a trainee, for the papers."""
