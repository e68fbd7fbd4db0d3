"""Money of classes (经费): dated fee standards, budget, settlement, lecture fees and their withholding. Not here: the timetable, payment itself, accounts of the office."""
