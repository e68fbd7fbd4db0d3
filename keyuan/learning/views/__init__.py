"""Screens of online learning."""
