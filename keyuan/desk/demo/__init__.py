"""Fictional people and classes to look around with: made by the real actions, marked 演示, made once."""

from keyuan.desk.demo.make import accounts, make

__all__ = ["accounts", "make"]
