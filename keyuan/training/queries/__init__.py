"""Reads about classes: seats and shares, nominations, standing and closing."""
