"""Coursework read: materials given out, tasks and what was handed in."""
