"""What is asked of rotation: who belongs to a requirement, how far each is, what is planned."""
