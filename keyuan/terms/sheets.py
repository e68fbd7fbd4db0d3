"""Terms as spreadsheets: the list an office sends in, judged and asked about, and the board as a workbook."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel import batchjobs, cipher
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.codes import normal_name
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Column, Option, Question, Row, Sheet, batches, readers, told
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import names_of
from keyuan.people import actions as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from keyuan.people.queries import people_by_id_index
from keyuan.terms import actions
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Post, Term
from keyuan.terms.queries.board import STATES, Line
from keyuan.terms.queries.history import post_names
from keyuan.terms.queries.people import called

Context = Mapping[str, Any]
NEAR, ALIKE = 3, 0.6
PURPOSE = "terms.list"
_BEGAN = {str(label): value for value, label in Term.Began.choices}
_ENDED = {str(label): value for value, label in Term.Ended.choices if value != Term.Ended.FILLED}

LIST = Sheet(
    key=PURPOSE,
    title="任期名单",
    columns=(
        Column("organisation", "单位", readers.title, required=True, aliases=("单位名称", "学会名称", "学会", "单位全称"), width=30, carried=True, example="广东省数学会"),
        Column("post", "职务", readers.title, required=True, aliases=("担任职务", "职务名称"), width=14, example="理事长"),
        Column("number", "届次", readers.number(1, 99), aliases=("届", "第几届"), width=8, example="8"),
        Column("name", "姓名", readers.name, aliases=("任职人", "任职人姓名"), width=12, example="张三", note="无人担任的，姓名留空，产生方式填“空缺”"),
        Column("starts", "任职起", readers.day, required=True, aliases=("任职日期", "任职时间", "任期起", "当选日期"), width=12, example="2021-05-20"),
        Column("due", "任期至", readers.day, aliases=("届满日期", "任期止", "届满"), width=12, note="留空则按任期规定计算"),
        Column("began", "产生方式", readers.choice(*_BEGAN), width=12, choices=tuple(_BEGAN)),
        Column("ends", "实际离任", readers.day, aliases=("离任日期", "离任时间"), width=12, note="仍在任的留空"),
        Column("ended", "离任方式", readers.choice(*_ENDED), width=12, choices=tuple(_ENDED)),
        Column("basis", "依据", readers.limited(100), aliases=("文号", "任免文号"), width=24),
        Column("phone", "手机", readers.phone, width=14, secret=True, note="用来认出已登记的同名人员，可不填"),
        Column("id_number", "证件号码", readers.identity, aliases=("身份证号", "身份证号码"), width=22, secret=True),
    ),
    notes=("一行一个任期；历届的也可以列入，填上实际离任和离任方式。同一份名单再导一次不会改动。",),
    unique=(("organisation", "post", "name", "starts"),),
    row_limit=5000,
)  # fmt: skip


def _fault(column: str, code: str, message: str) -> CellFault:
    return CellFault(column, code, message, "room")


class _Known:
    """The school's units by every name they ever bore, and posts by kind and every name."""

    def __init__(self, actor: Actor) -> None:
        units = list(visible(actor, Organisation).filter(active=True))
        self.unit = {name: one for one in units for name in (one.short_name, one.name) if name}
        self.alias: dict[str, list[Organisation]] = {}
        rows = {one.pk: one for one in units}
        for pk, spans in names_of(units).items():
            for span in spans[:-1]:
                self.alias.setdefault(span.name, []).append(rows[pk])
        posts = list(visible(actor, Post).filter(active=True))
        former = post_names(posts)
        self.post: dict[tuple[str, str], Post] = {}
        for post in reversed(posts):
            for word in str(post.get_duty_display()).split("、") if post.duty != Post.Duty.OTHER else ():
                self.post[post.kind, word] = post
        for post in posts:
            for name in (*(old.name for old in former.get(post.pk, ())), post.name):
                self.post[post.kind, name] = post

    def near(self, written: str) -> list[Organisation]:
        """At most three units that may be meant: by a former name, else by likeness, the nearest first."""
        if written in self.alias:
            return self.alias[written][:NEAR]
        scores: dict[int, tuple[float, Organisation]] = {}
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(written)
        for name, unit in self.unit.items():
            matcher.set_seq1(name)
            score = matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0
            if score >= ALIKE and score > scores.get(unit.pk, (0.0, unit))[0]:
                scores[unit.pk] = (score, unit)
        best = sorted(scores.values(), key=lambda pair: (-pair[0], pair[1].pk))
        return [unit for _score, unit in best[:NEAR]]

    def place(self, row: Row) -> tuple[Organisation, Post] | CellFault:
        """The unit and post a row names, or what is wrong with it."""
        unit = self.unit.get(row.values.get("organisation", ""))
        if unit is None:
            return _fault(
                "单位", "unit_unknown", _("单位不在本校名单中，请改成名单上的全称，或先登记该单位。")
            )
        post = self.post.get((unit.kind, row.values.get("post", "")))
        if post is None:
            have = "、".join(
                dict.fromkeys(p.name for (kind, _w), p in self.post.items() if kind == unit.kind)
            )
            words = _("%(kind)s没有这项职务。现有：%(posts)s。可先在“职务和任期规定”里登记。")
            return _fault(
                "职务", "post_unknown", words % {"kind": unit.get_kind_display(), "posts": have or _("无")}
            )
        return unit, post


def _day(row: Row, key: str) -> date | None:
    text = row.values.get(key, "")
    return date.fromisoformat(text) if text else None


def _facts(row: Row) -> TermFacts:
    ends, number = _day(row, "ends"), row.values.get("number", "")
    starts = _day(row, "starts")
    assert starts is not None  # noqa: S101 - the column is required; tells mypy so
    ended = _ENDED.get(row.values.get("ended", ""), Term.Ended.EXPIRED.value) if ends else ""
    return TermFacts(
        starts, int(number) if number else None, _day(row, "due"),
        _BEGAN.get(row.values.get("began", ""), Term.Began.ELECTED.value), row.values.get("basis", ""), ends, ended,
    )  # fmt: skip


def _dates(row: Row) -> list[CellFault]:
    """What is wrong between the cells of a row."""
    facts, name = _facts(row), row.values.get("name", "")
    found = []
    if facts.ends is not None and facts.ends < facts.starts:
        found.append(_fault("实际离任", "days", _("实际离任早于任职起，请核对。")))
    if facts.due is not None and facts.due < facts.starts:
        found.append(_fault("任期至", "days", _("任期至早于任职起，请核对。")))
    if row.values.get("ended") and facts.ends is None:
        found.append(_fault("实际离任", "no_day", _("填了离任方式，请补实际离任的日期，或清空离任方式。")))
    if not name and facts.began != Term.Began.VACANT:
        found.append(_fault("姓名", "required", _("请填姓名；无人担任的，产生方式填“空缺”。")))
    if name and facts.began == Term.Began.VACANT:
        found.append(_fault("姓名", "vacant", _("产生方式是空缺，姓名应留空。")))
    return found


class ListRoom:
    """What the room says to a list of terms (任期名单)."""

    def thing(self, _context: Context) -> None:
        """The right is asked over the school."""
        return

    def judge(self, actor: Actor, _context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """A unit or post nobody knows, days that cannot be, a number that is another's."""
        known, found = _Known(actor), dict[int, list[CellFault]]()
        numbered = _numbered(actor, rows)
        for row in rows:
            if not row.ok:
                continue
            faults = _dates(row)
            if "unit" not in {question.key for question in row.open_questions}:
                place = known.place(row)
                faults += [place] if isinstance(place, CellFault) else []
            who = numbered.get(_index("id", row))
            if who is not None and who.name != row.values.get("name"):
                faults.append(_fault("姓名", "name_differs", _("这个证件号码登记的是另一个姓名，请核对。")))
            if faults:
                found[row.number] = faults
        return found

    def ask(self, actor: Actor, _context: Context, rows: Sequence[Row]) -> dict[int, list[Question]]:
        """Which unit a name means that is no registered one, and whether somebody known is the same person."""
        known, found = _Known(actor), dict[int, list[Question]]()
        named, numbered = called(actor, (row.values.get("name", "") for row in rows)), _numbered(actor, rows)
        for row in rows:
            written = row.values.get("organisation", "")
            if written and written not in known.unit and (near := known.near(written)):
                found.setdefault(row.number, []).append(_which_unit(written, near))
            alike = named.get(normal_name(row.values.get("name", "")), [])
            if alike and numbered.get(_index("id", row)) is None:
                question = _which_person(row, alike, known.unit.get(written))
                found.setdefault(row.number, []).append(question)
        return found

    def prepare(self, _actor: Actor, _context: Context, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as they are."""
        return rows

    def apply(self, actor: Actor, _context: Context, rows: Sequence[Row]) -> dict[int, batches.Outcome]:
        """Past terms before running ones, the earlier first; a row the rules refuse is left with its reason."""
        known, numbered = _Known(actor), _numbered(actor, rows)
        new: dict[tuple[str, int], Person] = {}

        def act(row: Row) -> int | None:
            place = known.place(row)
            if isinstance(place, CellFault):
                raise Fault(place.message)
            unit, post = place
            holder = numbered.get(_index("id", row)) or _holder(actor, row, unit, post, new)
            return actions.enter(actor, organisation=unit, post=post, holder=holder, facts=_facts(row)).pk

        return batches.one_by_one(sorted(rows, key=_when), act)


def _when(row: Row) -> tuple[bool, str, int]:
    return (not row.values.get("ends"), row.values.get("starts", ""), row.number)


def _index(kind: str, row: Row) -> str:
    number = row.values.get("id_number" if kind == "id" else "phone", "")
    return cipher.blind_index(kind, number) if number else ""


def _numbered(actor: Actor, rows: Sequence[Row]) -> dict[str, Person]:
    """The persons whose identity number a row gives, by its index."""
    indexes = [index for row in rows if (index := _index("id", row))]
    return people_by_id_index(actor.school_id or 0, indexes) if indexes else {}


def _which_unit(written: str, near: Sequence[Organisation]) -> Question:
    options = tuple(Option(str(unit.pk), unit.name, {"organisation": unit.name}) for unit in near)
    words = _("单位名单里没有这个名称，是不是下面的单位？都不是请修改这一行。")
    return Question("unit", "单位", words, options, written, options[0].value)


def _which_person(row: Row, alike: Sequence[Person], unit: Organisation | None) -> Question:
    """Somebody of this name is registered: the same phone or unit is proposed, never taken unasked."""
    phone = _index("phone", row)
    fits = [
        one
        for one in alike
        if (phone and one.phone_index == phone) or (unit and one.organisation_id == unit.pk)
    ]
    rest = [one for one in alike if one not in fits]
    options = [
        Option(
            str(one.pk),
            "，".join(filter(None, (one.name, one.unit, one.post_title))),
            {"person": str(one.pk)},
        )
        for one in [*fits, *rest][:6]
    ]
    options.append(Option("new", _("不是，登记为新的人"), {"person": "new"}))
    key = f"person:{','.join(str(one.pk) for one in alike)}"
    proposed = options[0].value if len(fits) == 1 else ""
    return Question(
        key, "姓名", _("已有同名人员，是同一人吗？"), tuple(options), row.values.get("name", ""), proposed
    )


def _holder(
    actor: Actor, row: Row, unit: Organisation, post: Post, new: dict[tuple[str, int], Person]
) -> Person | None:
    """Who was said to be meant; else somebody registered now, once for all rows of the unit."""
    name, said = normal_name(row.values.get("name", "")), row.values.get("person", "")
    if not name:
        return None
    if said.isdigit():
        return visible(actor, Person).get(pk=int(said))
    if (name, unit.pk) not in new:
        earlier = [one for one in called(actor, [name]).get(name, []) if one.organisation_id == unit.pk]
        facts = PersonFacts(
            name, organisation=unit, post_title=post.name, phone=row.values.get("phone", ""),
            id_number=row.values.get("id_number", ""), id_kind=row.values.get("id_kind") or Person.IdKind.RESIDENT,
        )  # fmt: skip
        known = earlier[0] if earlier and said != "new" else None
        new[name, unit.pk] = known or people.add_person(actor, facts=facts)
    return new[name, unit.pk]


batches.purpose(PURPOSE, sheet=LIST, rule="terms.keep")(ListRoom)


@batchjobs.back(PURPOSE)
def _back(_batch: Batch) -> str:
    """To the board."""
    return "/terms/"


BOARD = Sheet(
    key="terms.board",
    title="任期一览",
    columns=(
        told("organisation", "单位", 34),
        told("kind", "类别"),
        told("field", "学科或片区"),
        told("post", "职务", 14),
        told("number", "届次", 8),
        told("name", "姓名", 14),
        told("starts", "任职起"),
        told("due", "任期至"),
        told("extended", "延期至"),
        told("state", "状态"),
        told("acting", "代理人", 14),
        told("vacant", "空缺起"),
    ),
)


def board_rows(lines: Iterable[Line]) -> Iterator[dict[str, str]]:
    """The board's lines as it shows them."""
    words = {key: str(word) for key, word in STATES}
    for line in lines:
        term = line.shown
        yield {
            "organisation": line.unit,
            "kind": line.organisation.kind_title,
            "field": line.organisation.field_or_region,
            "post": line.called,
            "number": str(term.number or "") if term else "",
            "name": line.holder,
            "starts": f"{term.starts:%Y-%m-%d}" if term else "",
            "due": str(term.due or "") if term else "",
            "extended": str(term.extended_to or "") if term else "",
            "state": words[line.state],
            "acting": (line.acting.holder or "") if line.term and line.acting else "",
            "vacant": str(line.vacant_since or ""),
        }


def board_file(lines: Iterable[Line]) -> bytes:
    """The board as a workbook."""
    return BOARD.export(board_rows(lines))
