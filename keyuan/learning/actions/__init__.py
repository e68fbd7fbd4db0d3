"""Writes of this room: making and publishing courses, and studying them."""
