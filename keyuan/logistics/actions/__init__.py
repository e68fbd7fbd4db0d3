"""What is done to arrange a class: each one transaction under the lock of its class."""
