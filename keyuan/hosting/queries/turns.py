"""One turn with all that belongs to it, as its page shows it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from keyuan.hosting.models import Headcount, Lecturer, Member, Passing, Report, Rota, Swap, Task, Turn
from keyuan.hosting.queries.standing import Drawn, drawn, names_of
from keyuan.hosting.rules.explaining import record_of, why
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import StoredFile
from keyuan.people.models import Person

FILES, PROOFS = "hosting.Turn", "hosting.Task"


@dataclass
class Whole:
    """A turn's page (期次页)."""

    reasons: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    proofs: dict[int, list[StoredFile]] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)
    lecturers: list[Lecturer] = field(default_factory=list)
    people: list[tuple[str, str, int, int | None]] = field(default_factory=list)
    passings: list[Passing] = field(default_factory=list)
    swaps: list[Swap] = field(default_factory=list)
    report: Report | None = None


def reasons_of(turn: Turn) -> list[str]:
    """Why the host, and why now."""
    if turn.host_id is None:
        return []
    if turn.jumped_in:
        return [_("原承办单位临时不能承办，由本单位顶替；顶替按较高折算计入，下次轮到更晚。")]
    found = drawn(turn.rota, turn.drawn_seq) if turn.drawn_seq else None
    if found is None:
        return [_("这一期是补录的历史记录。")]
    said = why(found.choice, found.passed, turn.host_id, found.window)
    if any(swap.state == "confirmed" for swap in (*turn.swaps_asked.all(), *turn.swaps_got.all())):
        said.append(_("本期经双方同意、教务确认对调；以上是对调前各自排出时的理由。"))
    return said


def whole_of(actor: Actor, turn: Turn) -> Whole:
    """What the actor sees of it."""
    seen = {one.cohort: one for one in visible(actor, Headcount).filter(turn=turn)}
    tasks = list(visible(actor, Task).filter(turn=turn).select_related("done_by"))
    proofs: dict[int, list[StoredFile]] = {}
    for stored in StoredFile.objects.filter(owner_label=PROOFS, owner_id__in=[one.pk for one in tasks]):
        proofs.setdefault(stored.owner_id, []).append(stored)
    swaps = visible(actor, Swap).filter(turn=turn) | visible(actor, Swap).filter(other=turn)
    return Whole(
        reasons_of(turn), tasks, proofs,
        list(visible(actor, StoredFile).filter(owner_label=FILES, owner_id=turn.pk).order_by("pk")),
        list(visible(actor, Lecturer).filter(turn=turn).select_related("person__organisation", "duty__term")),
        [
            (value, str(label), seen[value].expected if value in seen else 0, seen[value].actual if value in seen else None)
            for value, label in Headcount.Cohort.choices
        ],
        list(visible(actor, Passing).filter(turn=turn).select_related("organisation", "done_by")),
        list(swaps.select_related("turn__rota", "other__rota", "host", "other_host")),
        visible(actor, Report).filter(turn=turn).select_related("handed_in_by", "turn__rota").first(),
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One unit's place at a draw, and why or why not (排出时的一行)."""

    place: int
    unit: str
    record: str
    said: list[str]
    chosen: bool


def told_at(rota: Rota, found: Drawn, only: int = 0) -> list[Told]:
    """Every unit at a draw, in the order it was taken from, then those passed over; one unit where asked for."""
    units = [one.society for one in found.choice.order]
    names = names_of([*units, *found.passed])
    records = {one.society: record_of(one) for one in found.choice.order}
    wanted = [*units, *sorted(found.passed, key=lambda pk: (found.passed[pk], pk))]
    return [
        Told(
            units.index(pk) + 1 if pk in records else 0, names.get(pk, ""), records.get(pk, ""),
            why(found.choice, found.passed, pk, found.window), pk == found.choice.society,
        )
        for pk in wanted
        if not only or pk == only
    ]  # fmt: skip


def others_to_swap(turn: Turn) -> list[Turn]:
    """The turns of the rota that another unit holds and that are still to come."""
    rows = Turn.objects.filter(rota=turn.rota_id, state__in=("invited", "accepted")).exclude(
        host=turn.host_id
    )
    return list(rows.select_related("rota", "host").order_by("planned_on"))


def units_beside(turn: Turn) -> list[tuple[int, str]]:
    """The units of the rota that could help or stand in, by number of joining."""
    rows = Member.objects.filter(rota=turn.rota_id, left_on=None).exclude(organisation=turn.host_id)
    found = rows.exclude(organisation__in=turn.co_hosts.values("organisation"))
    return list(
        found.order_by("organisation__order", "pk").values_list("organisation_id", "organisation__name")
    )


def called(actor: Actor, name: str, unit: str) -> list[Person]:
    """The persons the actor sees who bear a name, in a unit where one is named."""
    rows = visible(actor, Person).filter(name=name.strip(), erased_at=None, merged_into=None)
    if unit.strip():
        rows = rows.filter(organisation__name__icontains=unit.strip())
    return list(rows.select_related("organisation").order_by("pk")[:10])


def row_of(turn: Turn) -> dict[str, Any]:
    """A turn as workbooks and papers say it."""
    return {
        "year": str(turn.year), "number": str(turn.number), "day": turn.day, "title": turn.title,
        "host": turn.host.name if turn.host else "", "place": turn.place,
        "helpers": "、".join(one.organisation.name for one in turn.co_hosts.all()),
        "state": str(turn.get_state_display()), "note": turn.note,
    }  # fmt: skip
