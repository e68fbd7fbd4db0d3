"""Items as spreadsheets."""
