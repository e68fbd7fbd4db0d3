"""Persons (人员), accounts, seats (身份) and consent. Not here: what they do in a class."""
