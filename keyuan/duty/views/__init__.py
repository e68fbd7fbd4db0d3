"""The screens of duties."""
