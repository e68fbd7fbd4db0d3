"""Django's SQLite with turns: writers wait in line instead of asking again and again."""
