"""What the rooms below ask of this one."""
