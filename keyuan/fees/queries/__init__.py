"""Reads of the room: standards in force, budgets, settlements, lecture fees and payees."""
