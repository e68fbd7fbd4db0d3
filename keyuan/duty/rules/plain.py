"""A proposal's reasons as people read them: numbers of the file give way to names."""

import re
from collections.abc import Mapping

# ASCII, so that a number ends where Chinese begins.
_QUOTED = re.compile(r" ?\b[CS]\d+(?=“)", re.ASCII)
_NUMBER = re.compile(r" ?\b([LCS]\d+)\b ?", re.ASCII)


def leader_id(term: int) -> str:
    """A term as an instance names it."""
    return f"L{term}"


def class_id(training_class: int) -> str:
    """A class as an instance names it."""
    return f"C{training_class}"


def slot_id(session: int) -> str:
    """A session as an instance names it."""
    return f"S{session}"


def key_of(number: str) -> int:
    """The key behind such a name; nought where it is none."""
    return int(number[1:]) if number[1:].isdecimal() and len(number) < 20 else 0


def plain(text: str, names: Mapping[str, str]) -> str:
    """A reason with every number replaced by its name, or dropped where the name stands beside it."""
    return _NUMBER.sub(lambda hit: names.get(hit[1], hit[1]), _QUOTED.sub("", text))
