"""Persons (人员), accounts, seats (身份), consent and when they can teach (可授课时间). Not here: what they do in a class."""
