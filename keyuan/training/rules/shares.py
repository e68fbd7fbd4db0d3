"""Sums of quota shares: the same for all of a kind, or read from a pasted list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keyuan.kernel.codes import tidy_text
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import Organisation

_LINE = re.compile(r"^(?P<name>.*?)[\s,，:：;；\t]*(?P<count>\d{1,4})\s*(?:人|名|个)?$")


@dataclass(frozen=True)
class PastedShares:
    """What a pasted list says: places by organisation id, and lines nobody could be found for."""

    places: dict[int, int]
    unknown: list[str]


def equal_shares(
    units: Sequence[Organisation], kind: str, each: str, typed: Mapping[int, str]
) -> dict[int, str]:
    """The typed numbers with `each` for every unit of the kind (all kinds when empty)."""
    if not each.isdecimal():
        raise Fault("每个单位的名额要填整数。", "each")
    return {unit.pk: each if kind in {"", unit.kind} else typed.get(unit.pk, "") for unit in units}


def read_pasted(text: str, units: Sequence[Organisation]) -> PastedShares:
    """Lines such as `广州市科协 2` or two columns copied from a sheet; full or short names both serve."""
    by_name = {tidy_text(name): unit.pk for unit in units for name in (unit.name, unit.short_name) if name}
    places: dict[int, int] = {}
    unknown: list[str] = []
    for raw in text.splitlines():
        line = tidy_text(raw)
        if not line:
            continue
        found = _LINE.match(line)
        key = by_name.get(found["name"].strip(" ,，:：;；\t")) if found else None
        if found is None or key is None:
            unknown.append(line)
        else:
            places[key] = places.get(key, 0) + int(found["count"])
    return PastedShares(places, unknown)
