"""Erasure of a person (PIPL art. 47) and its journal, so that a restored backup forgets them again."""

import json
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keyuan.kernel import audit, triggers
from keyuan.kernel.access import SYSTEM, Actor
from keyuan.kernel.models import ErasureEntry

Eraser = Callable[[int], None]
ERASERS: list[Eraser] = []

triggers.guard("kernel_erasureentry", "kernel_erasureentry_no_update")
audit.sentence("kernel.erase", "注销了人员 {person} 的个人信息")


def eraser(function: Eraser) -> Eraser:
    """Register what one room forgets of a person (by number); it must bear being called twice."""
    ERASERS.append(function)
    return function


def journal_path() -> Path:
    """The journal's second copy, outside the database: it must outlive the loss of the database."""
    return Path(settings.VAR) / "erasures.jsonl"


def erase(actor: Actor, *, person_id: int) -> ErasureEntry:
    """Let every room forget the person, and note it; erasing again changes nothing.

    The caller has asked whether the actor may.
    """
    return _forget(actor, person_id, timezone.now())


def everywhere(person_id: int) -> None:
    """Let every room forget one number more: a record that was found to be the same person."""
    for forget in ERASERS:
        forget(person_id)


@transaction.atomic
def _forget(actor: Actor, person_id: int, at: datetime) -> ErasureEntry:
    everywhere(person_id)
    entry, fresh = ErasureEntry.objects.get_or_create(person_id=person_id, defaults={"at": at})
    if fresh:
        audit.record(actor, "kernel.erase", None, person=person_id)
        transaction.on_commit(lambda: _note(entry))
    return entry


def _note(entry: ErasureEntry) -> None:
    line = json.dumps({"person_id": entry.person_id, "at": entry.at.isoformat()}) + "\n"
    with journal_path().open("a", encoding="ascii") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())


def journal() -> dict[int, datetime]:
    """Everybody erased, from the table and from the copy outside the database."""
    known = read(journal_path())
    known.update(ErasureEntry.objects.values_list("person_id", "at"))
    return known


def read(path: Path) -> dict[int, datetime]:
    """The journal kept in a file; empty when there is none. A line cut off by a power failure is passed over."""
    known: dict[int, datetime] = {}
    for line in path.read_text("ascii").splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
            known[int(row["person_id"])] = datetime.fromisoformat(row["at"])
        except (ValueError, KeyError):
            continue
    return known


def write(path: Path, known: dict[int, datetime]) -> None:
    """Put the whole journal into a file, in place of what was there."""
    lines = [json.dumps({"person_id": person, "at": at.isoformat()}) + "\n" for person, at in known.items()]
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text("".join(lines), "ascii")
    fresh.replace(path)


def replay(known: Iterable[tuple[int, datetime]]) -> int:
    """Erase again everybody whom the restored data still remember; how many there were."""
    done = set(ErasureEntry.objects.values_list("person_id", flat=True))
    missing = [(person_id, at) for person_id, at in known if person_id not in done]
    for person_id, at in missing:
        _forget(SYSTEM, person_id, at)
    return len(missing)
