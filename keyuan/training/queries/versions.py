"""Versions of a timetable read: what is not released yet, what differs, which is final, what papers print."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, can, visible
from keyuan.people.models import Person
from keyuan.training.models import ReleasedSession, Session, TimetableFinal, TimetableVersion, TrainingClass
from keyuan.training.rules import differences
from keyuan.training.rules.differences import Change, Difference, Line, difference, line_of

PAIR = 2


def lines_of(version: TimetableVersion) -> list[Line]:
    """What a version holds, in order; a teacher whose record was merged goes by the record that was kept."""
    return lines_of_all([version])[0]


def lines_of_all(versions: Iterable[TimetableVersion]) -> list[list[Line]]:
    """What each of some versions holds, in one query however many there are."""
    found = [[Line.read(facts) for facts in version.facts] for version in versions]
    teachers = {line.teacher for lines in found for line in lines if line.teacher}
    merged = Person.objects.filter(pk__in=teachers, merged_into__isnull=False)
    kept = dict(merged.values_list("pk", "merged_into_id")) if teachers else {}
    return [sorted((_of_kept(line, kept) for line in lines), key=lambda line: line.moment) for lines in found]


def _of_kept(line: Line, kept: Mapping[int, int | None]) -> Line:
    teacher = kept.get(line.teacher or 0) or line.teacher
    return line if teacher == line.teacher else replace(line, teacher=teacher)


def pending(training_class: TrainingClass) -> Difference:
    """What was changed since the last release; before the first one everything is new. Two queries."""
    return pending_and_names(training_class)[0]


def pending_and_names(
    training_class: TrainingClass, sessions: Sequence[Session] | None = None
) -> tuple[Difference, dict[int, str]]:
    """The same with the names of the teachers concerned, in as many queries; one less where the sessions are read."""
    was = list(training_class.released_sessions.filter(cancelled_at=None).select_related("teacher"))
    now = training_class.sessions.select_related("teacher") if sessions is None else sessions
    now = sorted(now, key=lambda row: (row.date, row.starts, row.pk))
    teachers = [*(row.teacher for row in was), *(row.teacher for row in now)]
    names = {person.pk: person.name for person in teachers if person}
    return difference(map(line_of, was), map(line_of, now)), names


def is_as_released(session: Session) -> bool:
    """Whether a stored session stands as it was released last."""
    row = ReleasedSession.objects.filter(number=session.pk, cancelled_at=None).first()
    return row is not None and line_of(row) == line_of(session)


def names_in(changes: Iterable[Change]) -> dict[int, str]:
    """The names of the teachers that changes speak of."""
    ids = {key for change in changes for key in change.teachers}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def said(found: Difference, names: Mapping[int, str]) -> list[str]:
    """Each change in words, teachers by name, for a screen."""
    return [differences.words(change, names) for change in found.changes]


def final_of(training_class: TrainingClass) -> TimetableVersion | None:
    """The version declared final, while it is."""
    newest = TimetableFinal.objects.filter(training_class=training_class).select_related("version")
    found = newest.order_by("-turn").first()
    return found.version if found else None


def newest_of(training_class: TrainingClass) -> TimetableVersion | None:
    """The version released last."""
    return TimetableVersion.objects.filter(training_class=training_class).order_by("-number").first()


@dataclass(frozen=True)
class Told:
    """Whom a release tells, and of what (告知范围)."""

    trainees: list[int] = field(default_factory=list)
    teachers: dict[int, list[Change]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many persons, each once."""
        return len({*self.trainees, *self.teachers})


def told_by(training_class: TrainingClass, found: Difference) -> Told:
    """Whom a release with this difference tells.

    The first tells everybody admitted and every teacher. A later one tells the trainees when something they
    attend changed, and a teacher when a session of the own did, the one who lost it too.
    """
    now = timezone.localtime().replace(tzinfo=None)
    first = not training_class.timetable_version
    changes = [change for change in found.changes if first or change.concerns_trainees(now)]
    rows = training_class.nominations.filter(state="admitted") if changes else None
    trainees = list(rows.order_by("pk").values_list("person_id", flat=True)) if rows is not None else []
    ids = sorted({key for change in found.changes for key in change.teachers} - set(trainees))
    return Told(trainees, {key: found.of_teacher(key) for key in ids}, changes)


@dataclass(frozen=True)
class Preview:
    """A release before it is sent (发布预览): what changed, in words, and who will be told."""

    number: int
    changes: list[tuple[Change, str]]
    told: Told
    teachers: list[str]
    seen: str


def preview(training_class: TrainingClass) -> Preview:
    """What releasing now would do."""
    found, known = pending_and_names(training_class)
    told = told_by(training_class, found)
    names = Person.objects.filter(pk__in=told.teachers).order_by("pinyin").values_list("name", flat=True)
    return Preview(
        training_class.timetable_version + 1,
        list(zip(found.changes, said(found, known), strict=True)),
        told,
        list(names),
        differences.mark(found),
    )


@dataclass(frozen=True)
class VersionRow:
    """One version in the list of versions (版本一览)."""

    version: TimetableVersion
    sessions: int
    changes: int
    is_final: bool


def versions_seen(actor: Actor, training_class: TrainingClass) -> QuerySet[TimetableVersion]:
    """The versions of a class that the actor sees, the newest first."""
    rows = visible(actor, TimetableVersion).filter(training_class=training_class)
    return rows.select_related("released_by").order_by("-number")


def rows_of(actor: Actor, training_class: TrainingClass) -> list[VersionRow]:
    """Every version with how much it changed of the one before."""
    final = final_of(training_class)
    found: list[VersionRow] = []
    before: list[Line] = []
    versions = list(versions_seen(actor, training_class))[::-1]
    for version, lines in zip(versions, lines_of_all(versions), strict=True):
        changes = len(difference(before, lines)) if before else 0
        found.append(VersionRow(version, len(lines), changes, version == final))
        before = lines
    return found[::-1]


def pair_of(versions: Sequence[TimetableVersion], one: str, other: str) -> list[TimetableVersion]:
    """The two versions asked for by number, the older first; the newest two where nothing sound was asked."""
    by_number = {str(version.number): version for version in versions}
    found = [by_number[number] for number in {one, other} if number in by_number]
    if len(found) != PAIR:
        found = list(versions[:PAIR])
    return sorted(found, key=lambda version: version.number) if len(found) == PAIR else []


def finals_seen(actor: Actor, training_class: TrainingClass) -> QuerySet[TimetableFinal]:
    """Each time a version was declared final, or that was taken back, the newest first."""
    rows = visible(actor, TimetableFinal).filter(training_class=training_class)
    return rows.select_related("version", "declared_by").order_by("-turn")


def compared(one: TimetableVersion, other: TimetableVersion) -> list[tuple[Change, str]]:
    """What changed from one version to another, in words."""
    found = difference(lines_of(one), lines_of(other))
    return list(zip(found.changes, said(found, names_in(found.changes)), strict=True))


def last_changes(training_class: TrainingClass) -> list[str]:
    """What the newest version changed of the one before, in words; nothing for a first version."""
    newest = list(TimetableVersion.objects.filter(training_class=training_class).order_by("-number")[:2])
    return [words for _change, words in compared(newest[1], newest[0])] if len(newest) > 1 else []


def sessions_of_version(version: TimetableVersion) -> list[Session]:
    """A version as sessions, with their teachers, to be printed, never saved."""
    return _sessions(version.training_class, lines_of(version))


def _sessions(training_class: TrainingClass, lines: Sequence[Line]) -> list[Session]:
    people = Person.objects.select_related("organisation").in_bulk(
        [line.teacher for line in lines if line.teacher]
    )
    return [
        Session(
            pk=line.session, training_class=training_class, school_id=training_class.school_id, kind=line.kind,
            title=line.title, date=line.date, half=line.half, starts=line.starts, ends=line.ends,
            teacher=people.get(line.teacher or 0), place=line.place, hours=line.hours, released=True,
        )
        for line in lines
    ]  # fmt: skip


def standing(training_class: TrainingClass) -> list[Session]:
    """The timetable as papers print it: the final version, else the newest released, else the draft."""
    version = final_of(training_class) or newest_of(training_class)
    if version is not None:
        return sessions_of_version(version)
    return list(training_class.sessions.select_related("teacher__organisation").order_by("date", "starts"))


def standing_words(training_class: TrainingClass) -> str:
    """What `standing` is, in words, so that what is provisional never looks final."""
    if (final := final_of(training_class)) is not None:
        return _("第 %(n)s 版（终版）") % {"n": final.number}
    if training_class.timetable_version:
        return _("第 %(n)s 版，尚未定为终版") % {"n": training_class.timetable_version}
    return _("草稿，尚未发布")


def board(
    actor: Actor, training_class: TrainingClass, sessions: Sequence[Any], *, draft: bool
) -> dict[str, Any]:
    """What the timetable page says of its versions: to those who see the draft what is not released yet.

    `sessions` are what the page shows: every session of the class for those who see the draft.
    """
    known = bool(training_class.timetable_version)
    found = pending_and_names(training_class, sessions) if draft and known else None
    return {
        "draft": draft,
        "pending": said(*found) if found else [],
        "changes": last_changes(training_class) if not draft else [],
        "final": final_of(training_class) if known else None,
        "may_final": can(actor, "training.final", training_class),
        "may_versions": can(actor, "training.dossier", training_class),
    }
