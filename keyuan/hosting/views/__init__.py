"""Screens of hosting turns."""
