"""The screens of rotation."""
