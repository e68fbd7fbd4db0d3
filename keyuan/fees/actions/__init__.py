"""Writes of the room: standards, budgets, settlements, lecture fees, accounts."""
