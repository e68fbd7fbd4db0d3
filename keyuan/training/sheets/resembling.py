"""Questions of a reply sheet: which unit a name resembles, and whether somebody known is the same person."""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from keyuan.kernel import cipher, codes
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.sheet import Option, Question, Row
from keyuan.orgs.models import Organisation
from keyuan.people import queries as people
from keyuan.people.models import Person

CANDIDATES = 3
_ALIKE = 0.6


def units_asked(units: Mapping[str, Organisation], rows: Sequence[Row]) -> dict[int, list[Question]]:
    """For each row whose unit is no registered one, those it may mean; none where nothing comes near."""
    guessed: dict[str, list[Organisation]] = {}
    asked = {}
    for row in rows:
        written = row.values.get("organisation", "")
        if not written or written in units:
            continue
        if written not in guessed:
            guessed[written] = nearest(units, written)
        if guessed[written]:
            asked[row.number] = [_unit_question(written, guessed[written])]
    return asked


def nearest(units: Mapping[str, Organisation], written: str) -> list[Organisation]:
    """At most three units whose names come near what was written, nearest first."""
    scores: dict[int, tuple[float, Organisation]] = {}
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(written)
    for name, unit in units.items():
        matcher.set_seq1(name)
        score = matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0
        if len(written) >= 4 and (_within(written, name) or _within(name, written)):
            score = max(score, 0.9)
        if score >= _ALIKE and score > scores.get(unit.pk, (0.0, unit))[0]:
            scores[unit.pk] = (score, unit)
    best = sorted(scores.values(), key=lambda pair: (-pair[0], pair[1].pk))
    return [unit for _score, unit in best[:CANDIDATES]]


def _within(short: str, long: str) -> bool:
    """Whether all characters of a short name stand in the long one in their order (省电机学会 in 广东省电机工程学会)."""
    letters = iter(long)
    return len(short) >= 4 and all(letter in letters for letter in short)


def _unit_question(written: str, units: Sequence[Organisation]) -> Question:
    options = tuple(Option(str(unit.pk), unit.name, {"organisation": unit.name}) for unit in units)
    words = _("单位名单里没有这个名称，是不是下面的单位？都不是请修改这一行。")
    return Question("unit", _("单位"), words, options, written, options[0].value)


def people_asked(
    actor: Actor, school_id: int, unit_of: Callable[[str], Organisation | None], rows: Sequence[Row]
) -> dict[int, list[Question]]:
    """For rows whose number is not known: persons of the same name with the same phone or in the same unit."""
    indexes = {row.number: _index("id", row.values.get("id_number", "")) for row in rows if row.ok}
    known = people.people_by_id_index(school_id, indexes.values())
    phones = {row.number: _index("phone", row.values.get("phone", "")) for row in rows}
    new = [row for row in rows if row.ok and indexes[row.number] not in known]
    by_phone, by_name = people.people_alike(
        school_id,
        phones=[phones[row.number] for row in new],
        names=[row.values.get("name", "") for row in new],
    )
    seen = _seen(actor, [person for found in by_name.values() for person in found])
    asked = {}
    for row in new:
        name = row.values.get("name", "")
        alike = [person for person in by_phone.get(phones[row.number], ()) if person.name == name]
        unit = unit_of(row.values.get("organisation", ""))
        alike += [
            person
            for person in by_name.get(name, ())
            if unit is not None and person.organisation_id == unit.pk and person not in alike
        ]
        if alike:
            asked[row.number] = [_same_person(row, alike[:CANDIDATES], seen)]
    return asked


def _index(kind: str, number: str) -> str:
    return cipher.blind_index(kind, number) if number else ""


def _seen(actor: Actor, candidates: Sequence[Person]) -> set[int]:
    """Whom of them the actor may see anyway; of the others only what the row itself says is shown."""
    ids = [person.pk for person in candidates]
    return set(visible(actor, Person).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _same_person(row: Row, alike: Sequence[Person], seen: set[int]) -> Question:
    options = [
        Option(str(person.pk), _("是：%(who)s") % {"who": _said(person, seen)}, {"person": str(person.pk)})
        for person in alike
    ]
    options.append(Option("new", _("不是，登记为新的人"), {"person": ""}))
    here = "，".join(
        part
        for part in (
            codes.mask_id_number(row.values.get("id_number", "")),
            codes.mask_phone(row.values.get("phone", "")),
        )
        if part
    )
    words = _("已有同名人员，证件号码不同或未登记，是同一人吗？")
    return Question(
        f"person:{','.join(str(each.pk) for each in alike)}", _("姓名"), words, tuple(options), here
    )


def _said(person: Person, seen: set[int]) -> str:
    """Somebody known, masked; more than the name only to who may see the person."""
    masked = people.masked(person)
    parts = [person.name]
    if person.pk in seen:
        parts += [person.unit, masked["id"] or _("未登记证件号码")]
    parts.append(masked["phone"])
    return "，".join(part for part in parts if part)
