"""Screens of coursework."""
