"""Writes of coursework: giving out, setting, handing in, reading."""
