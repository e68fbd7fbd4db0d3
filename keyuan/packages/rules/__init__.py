"""What a package may be and what it says of itself; pure."""
