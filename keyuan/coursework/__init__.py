"""Coursework 课业: what a class is given to read and what its trainees hand in. It records work, never convictions: nothing here is scored."""
