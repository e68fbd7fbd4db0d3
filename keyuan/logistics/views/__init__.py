"""Screens of looking after a class: they ask, act and show, and decide nothing."""
