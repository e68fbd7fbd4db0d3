"""Tests of the room of hosting turns."""
