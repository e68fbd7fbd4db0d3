"""The screens of posts and terms."""
