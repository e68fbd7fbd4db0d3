"""Sheets of the training room: nominations in, roster out."""
