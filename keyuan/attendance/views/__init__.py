"""Screens of attendance: the room's screen, the trainee's phone, the head teacher's board, leave."""
