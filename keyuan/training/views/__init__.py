"""Screens of the training room: they ask, act and show, and decide nothing."""
