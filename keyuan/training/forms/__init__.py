"""What is typed about classes, shares, nominations and sessions."""
