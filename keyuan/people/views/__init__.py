"""Screens about persons, seats, one's own account and the three administrators' work."""
