"""Each person's home (工作台): to-dos, inbox, calendar and hours across the rooms. It owns no facts of its own."""
