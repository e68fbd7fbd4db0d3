"""What the pages of online learning show, and what is held of a person."""
