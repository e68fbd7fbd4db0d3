"""The fixtures of the plan serve here too: a school with its list and a registrar."""

from tests.plan.conftest import registrar, school

__all__ = ["registrar", "school"]
