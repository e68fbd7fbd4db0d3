"""Looking after a class (会务): groups, class posts, rooms, cars, seats, what each needs, and the papers of them. Not here: who is admitted, when they sit, what it costs."""
