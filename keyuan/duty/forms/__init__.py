"""What the screens of duties take in."""
