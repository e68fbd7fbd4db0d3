"""Settings, root urls and the WSGI door."""
