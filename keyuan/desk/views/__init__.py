"""Screens of the desk: each seat's home, and the phone pages of trainees, teachers and liaisons."""
