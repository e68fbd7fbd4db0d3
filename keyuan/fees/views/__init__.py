"""Screens of the fees room."""
