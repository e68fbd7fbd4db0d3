"""Taking in who stayed how long in an online meeting, and judging presence by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.flows import changed
from keyuan.attendance.models import CheckIn, Expected, OnlineStay, Sitting
from keyuan.attendance.queries import limits_on
from keyuan.attendance.rules.meetings import Span, credited, cut, enough
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require

audit.sentence("attendance.online", "按线上参会登记到课：{thing}")


@dataclass(frozen=True)
class OnlineRow:
    """One row of a meeting's list (参会记录): whom it means and how long they stayed."""

    number: int
    person_ids: tuple[int, ...]
    stay: Span


@transaction.atomic
def take_stays(actor: Actor, *, sittings: Sequence[Sitting], rows: Sequence[OnlineRow]) -> dict[int, int]:
    """Keep the stays, cut to each sitting, and mark present whoever has reached the share of its minutes.

    The same row twice counts once. A mark already made stands; an absence is put right. Answers by row number
    how many stays it led to.
    """
    for sitting in sittings:
        require(actor, "attendance.mark", sitting)
    people = {person for row in rows for person in row.person_ids}
    found = list(
        Expected.objects.select_for_update(of=("self",))
        .filter(sitting__in=sittings, person_id__in=people)
        .select_related("sitting")
        .order_by("pk")
    )
    by_person: dict[int, list[Expected]] = {}
    for expected in found:
        by_person.setdefault(expected.person_id, []).append(expected)
    counts, made = {}, []
    for row in rows:
        stays = [stay for person in row.person_ids for stay in _stays(by_person.get(person, ()), row.stay)]
        counts[row.number] = len(stays)
        made += stays
    OnlineStay.objects.bulk_create(made, ignore_conflicts=True)
    _judge(actor, found)
    return counts


def _stays(lines: Iterable[Expected], stay: Span) -> list[OnlineStay]:
    found = []
    for expected in lines:
        part = cut(stay, expected.sitting.starts, expected.sitting.ends)
        if part is not None:
            found.append(
                OnlineStay(expected=expected, starts=part.starts, ends=part.ends, seconds=part.seconds)
            )
    return found


def _judge(actor: Actor, lines: Sequence[Expected]) -> None:
    """Mark present who has stayed long enough and is not marked yet."""
    spans: dict[int, list[Span]] = {}
    for stay in OnlineStay.objects.filter(expected__in=lines):
        spans.setdefault(stay.expected_id, []).append(Span(stay.starts, stay.ends, stay.seconds))
    marks = {mark.expected_id: mark for mark in CheckIn.objects.filter(expected__in=lines)}
    shares = {s.pk: limits_on(s.school_id, s.date).online_share for s in {line.sitting for line in lines}}
    present = []
    for line in lines:
        stays, mark, sitting = spans.get(line.pk, []), marks.get(line.pk), line.sitting
        missing = mark is None or mark.verdict == CheckIn.Verdict.ABSENT
        if stays and missing and enough(credited(stays), sitting.ends - sitting.starts, shares[sitting.pk]):
            changed(
                line,
                "absent" if mark else "",
                "present" if mark else "",
                by=actor.person_id,
                reason=_("按线上参会记录更正"),
            )
            present.append((line, min(stay.starts for stay in stays)))
    CheckIn.objects.filter(expected__in=[line for line, _at in present]).delete()
    CheckIn.objects.bulk_create(
        CheckIn(
            expected=line, verdict=CheckIn.Verdict.PRESENT, at=at, recorded=timezone.now(), how=CheckIn.How.ONLINE,
            by_id=actor.person_id,
        )
        for line, at in present
    )  # fmt: skip
    audit.record_many(
        actor, "attendance.online", [(line.sitting, {"person": line.person_id}) for line, _at in present]
    )
