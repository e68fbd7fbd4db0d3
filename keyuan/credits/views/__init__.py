"""Screens of hours and of certificates."""
