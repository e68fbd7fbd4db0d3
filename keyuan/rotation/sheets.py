"""Coverage and named lists as spreadsheets."""
