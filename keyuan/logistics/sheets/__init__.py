"""The lists of a class as spreadsheets: groups, rooms, vehicles, seats out; groups and rooms typed in."""
