"""Reads an instance strictly: every fault names its path in the file and how to mend it (docs/duty-instance.md)."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from keyuan.duty.rules.instance import (
    ATTEND,
    KINDS,
    LECTURE,
    ROLES,
    Distances,
    Instance,
    Leader,
    Offer,
    Rules,
    Slot,
    Weights,
)
from keyuan.duty.rules.scribe import InstanceFault, Scribe

FORMAT = "keyuan.duty/1"
TOP = 10  # expertise is told from 1 to 10
Row = TypeVar("Row", Leader, Offer, Slot)


def read_text(text: str) -> Instance:
    """The instance a JSON text describes; InstanceFault names every fault."""
    return read(_json(text))


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = [key for key, count in Counter(key for key, _value in pairs).items() if count > 1]
        if twice:
            raise InstanceFault([(twice[0], _("同一个对象里写了两次，请删去一个。"))])
        return dict(pairs)

    def no_number(word: str) -> Any:
        raise InstanceFault([("$", _("{word} 不是数，请改成整数。").format(word=word))])

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as error:
        raise InstanceFault(
            [("$", _("不是 JSON：第 {line} 行第 {column} 列起读不懂，请检查逗号、引号和括号。").format(
                line=error.lineno, column=error.colno))]
        ) from error  # fmt: skip
    except RecursionError as error:
        raise InstanceFault([("$", _("括号套得太深，这不是排期算例。"))]) from error


def read(raw: Any) -> Instance:
    """The instance a parsed file describes; InstanceFault names every fault."""
    scribe = Scribe()
    top = scribe.thing(raw, "", "format leaders classes slots distance rules", "title")
    scribe.choice(top.get("format"), "format", [FORMAT])
    scribe.settle()
    caps = scribe.thing(
        top["rules"], "rules", "once_a_month lecturers_per_class",
        "least_match farthest urgent_until moves_per_duty weights",
    )  # fmt: skip
    cap = scribe.whole(caps.get("lecturers_per_class"), "rules.lecturers_per_class", 0)
    offers = [
        _offer(scribe, row, f"classes[{n}]", cap) for n, row in enumerate(_list(scribe, top, "classes"))
    ]
    slots = [_slot(scribe, row, f"slots[{n}]") for n, row in enumerate(_list(scribe, top, "slots"))]
    leaders = [_leader(scribe, row, f"leaders[{n}]") for n, row in enumerate(_list(scribe, top, "leaders"))]
    days = [offer.ends for offer in offers]
    instance = Instance(
        title=scribe.text(top["title"], "title") if "title" in top else "",
        fingerprint=fingerprint(raw),
        rules=_rules(scribe, caps, max(days, default=date.min)),
        distances=_distances(scribe, top["distance"]),
        leaders=_by_id(scribe, leaders, "leaders"),
        offers=_by_id(scribe, offers, "classes"),
        slots=_by_id(scribe, slots, "slots"),
    )
    scribe.settle()
    _cross_check(scribe, instance)
    scribe.settle()
    _check_fixed(scribe, instance)
    scribe.settle()
    return instance


def fingerprint(raw: Any) -> str:
    """A hash of the content, whatever the spacing and the order of keys."""
    canonical = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _list(scribe: Scribe, top: dict[str, Any], key: str) -> list[Any]:
    return scribe.rows(top[key], key)


def _by_id(scribe: Scribe, rows: list[Row], path: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for n, row in enumerate(rows):
        if row.id in found:
            scribe.fault(f"{path}[{n}].id", _("“{id}”已经用过，请另取编号。").format(id=row.id))
        found[row.id] = row
    return dict(sorted(found.items()))


def _rules(scribe: Scribe, raw: dict[str, Any], last: date) -> Rules:
    weights = scribe.thing(raw.get("weights", {}), "rules.weights", "", "expertise distance fairness spread")
    usual = Weights()
    far = raw.get("farthest")
    return Rules(
        once_a_month=scribe.truth(raw.get("once_a_month"), "rules.once_a_month"),
        least_match=scribe.whole(raw.get("least_match", 1), "rules.least_match", 0, TOP),
        farthest=None if far is None else scribe.whole(far, "rules.farthest", 0),
        urgent_until=scribe.day(raw["urgent_until"], "rules.urgent_until") if "urgent_until" in raw else last,
        moves_per_duty=scribe.whole(raw.get("moves_per_duty", 2), "rules.moves_per_duty", 0, 100),
        weights=Weights(
            **{
                key: scribe.whole(weights.get(key, getattr(usual, key)), f"rules.weights.{key}", 0, 10_000)
                for key in ("expertise", "distance", "fairness", "spread")
            }
        ),
    )


def _distances(scribe: Scribe, raw: Any) -> Distances:
    top = scribe.thing(raw, "distance", "unit step between")
    between: dict[tuple[str, str], int] = {}
    for n, row in enumerate(scribe.rows(top.get("between"), "distance.between")):
        path = f"distance.between[{n}]"
        if not isinstance(row, list) or len(row) != 3:
            scribe.fault(path, _("应写成 [“城市”, “城市”, 距离]。"))
            continue
        one, other = scribe.text(row[0], f"{path}[0]"), scribe.text(row[1], f"{path}[1]")
        pair = (min(one, other), max(one, other))
        if one == other:
            scribe.fault(path, _("同一个城市之间不用写距离，请删去。"))
        elif pair in between:
            scribe.fault(path, _("{one}与{other}的距离写了两次，请删去一个。").format(one=one, other=other))
        between[pair] = scribe.whole(row[2], f"{path}[2]", 0)
    return Distances(
        unit=scribe.choice(top.get("unit"), "distance.unit", ["km", "minutes"]),
        step=scribe.whole(top.get("step"), "distance.step", 1),
        between=between,
    )


def _offer(scribe: Scribe, raw: Any, path: str, cap: int) -> Offer:
    row = scribe.thing(raw, path, "id starts ends city places", "name lecturers themes")
    offer = Offer(
        id=scribe.text(row.get("id"), f"{path}.id"),
        name=scribe.text(row["name"], f"{path}.name") if "name" in row else str(row.get("id")),
        starts=scribe.day(row.get("starts"), f"{path}.starts"),
        ends=scribe.day(row.get("ends"), f"{path}.ends"),
        city=scribe.text(row.get("city"), f"{path}.city"),
        places=scribe.whole(row.get("places"), f"{path}.places", 0),
        lecturers=scribe.whole(row.get("lecturers", cap), f"{path}.lecturers", 0),
        themes=tuple(
            scribe.text(theme, f"{path}.themes[{n}]")
            for n, theme in enumerate(scribe.rows(row.get("themes", []), f"{path}.themes"))
        ),
    )
    if offer.ends < offer.starts:
        scribe.fault(f"{path}.ends", _("结束早于开始（{day}），请核对。").format(day=offer.starts))
    elif (offer.ends - offer.starts).days > 366:
        scribe.fault(f"{path}.ends", _("一个班次不能长过一年，请核对年份。"))
    return offer


def _slot(scribe: Scribe, raw: Any, path: str) -> Slot:
    row = scribe.thing(raw, path, "id class date theme", "lecturers")
    return Slot(
        id=scribe.text(row.get("id"), f"{path}.id"),
        offer=scribe.text(row.get("class"), f"{path}.class"),
        day=scribe.day(row.get("date"), f"{path}.date"),
        theme=scribe.text(row.get("theme"), f"{path}.theme"),
        lecturers=scribe.whole(row.get("lecturers", 1), f"{path}.lecturers", 0),
    )


def _leader(scribe: Scribe, raw: Any, path: str) -> Leader:
    row = scribe.thing(raw, path, "id role field city term needs", "name person expertise unavailable fixed")
    term = scribe.thing(row.get("term"), f"{path}.term", "to", "from")
    needs = scribe.thing(row.get("needs"), f"{path}.needs", "", "attend lecture")
    fixed = scribe.thing(row.get("fixed", {}), f"{path}.fixed", "", "attend lecture")
    tags = row.get("expertise", {})
    if not isinstance(tags, dict):
        scribe.fault(f"{path}.expertise", _("应写成 {“专业”: 1 到 10}。"))
        tags = {}
    leader = Leader(
        id=scribe.text(row.get("id"), f"{path}.id"),
        name=scribe.text(row["name"], f"{path}.name") if "name" in row else str(row.get("id")),
        person=scribe.text(row["person"], f"{path}.person") if "person" in row else str(row.get("id")),
        role=scribe.choice(row.get("role"), f"{path}.role", ROLES),
        field=scribe.text(row.get("field"), f"{path}.field"),
        city=scribe.text(row.get("city"), f"{path}.city"),
        term_from=scribe.day(term["from"], f"{path}.term.from") if "from" in term else None,
        term_to=scribe.day(term.get("to"), f"{path}.term.to"),
        expertise={
            scribe.text(tag, f"{path}.expertise"): scribe.whole(worth, f"{path}.expertise.{tag}", 1, TOP)
            for tag, worth in tags.items()
        },
        unavailable=tuple(_range(scribe, row.get("unavailable", []), f"{path}.unavailable")),
        needs=frozenset(
            kind for kind in KINDS if scribe.whole(needs.get(kind, 0), f"{path}.needs.{kind}", 0, 1)
        ),
        fixed={kind: scribe.text(fixed[kind], f"{path}.fixed.{kind}") for kind in KINDS if kind in fixed},
    )
    if leader.term_from and leader.term_to < leader.term_from:
        scribe.fault(f"{path}.term.to", _("任期届满早于开始（{day}），请核对。").format(day=leader.term_from))
    return leader


def _range(scribe: Scribe, raw: Any, path: str) -> Iterable[tuple[date, date]]:
    for n, row in enumerate(scribe.rows(raw, path)):
        here = f"{path}[{n}]"
        if not isinstance(row, list) or len(row) != 2:
            scribe.fault(here, _("应写成 [“起”, “止”] 两个日期；只有一天时两个写成一样。"))
            continue
        first, last = scribe.day(row[0], f"{here}[0]"), scribe.day(row[1], f"{here}[1]")
        if last < first:
            scribe.fault(here, _("止早于起，请对调。"))
        yield first, last


def _cross_check(scribe: Scribe, instance: Instance) -> None:
    """What refers to something must find it, and every distance that may be asked for must be told."""
    for slot in instance.slots.values():
        offer = instance.offers.get(slot.offer)
        if offer is None:
            scribe.fault(
                f"slots[id={slot.id}].class", _("没有编号为“{id}”的班次，请改正。").format(id=slot.offer)
            )
        elif not offer.starts <= slot.day <= offer.ends:
            scribe.fault(
                f"slots[id={slot.id}].date",
                _("{day} 不在班次 {id} 的 {starts} 至 {ends} 之内，请改正。").format(
                    day=slot.day, id=offer.id, starts=offer.starts, ends=offer.ends
                ),
            )
    homes = sorted({leader.city for leader in instance.leaders.values()})
    for city in sorted({offer.city for offer in instance.offers.values()}):
        for home in homes:
            if home != city and (min(home, city), max(home, city)) not in instance.distances.between:
                scribe.fault(
                    "distance.between",
                    _("没有{home}与{city}之间的距离，请补上 [“{home}”, “{city}”, …]。").format(
                        home=home, city=city
                    ),
                )


def _check_fixed(scribe: Scribe, instance: Instance) -> None:
    """What is already fixed must be possible; only expertise and distance are for whoever fixed it to judge."""
    taken: Counter[tuple[str, str]] = Counter()
    held: dict[str, list[tuple[str, date, date]]] = {}
    for leader in instance.leaders.values():
        for kind, at in leader.fixed.items():
            path = f"leaders[id={leader.id}].fixed.{kind}"
            places = instance.offers if kind == ATTEND else instance.slots
            if at not in places:
                scribe.fault(path, _("没有编号为“{id}”的班次或课次，请改正。").format(id=at))
                continue
            _check_one_fixed(scribe, instance, leader, kind, held.setdefault(leader.person, []))
            offer = instance.place(kind, at)[0]
            for key, room in _rooms(instance, kind, at, offer):
                taken[key] += 1
                if taken[key] == room + 1:
                    scribe.fault(path, _("{id} 事先定下的人超过了可容纳的 {room} 人，请减少。").format(
                        id=key[1], room=room))  # fmt: skip


def _rooms(instance: Instance, kind: str, at: str, offer: Offer) -> list[tuple[tuple[str, str], int]]:
    if kind == ATTEND:
        return [((ATTEND, at), offer.places)]
    return [((LECTURE, at), instance.slots[at].lecturers), (("class", offer.id), offer.lecturers)]


def _check_one_fixed(
    scribe: Scribe, instance: Instance, leader: Leader, kind: str, held: list[tuple[str, date, date]]
) -> None:
    path = f"leaders[id={leader.id}].fixed.{kind}"
    _offer_there, first, last = instance.place(kind, leader.fixed[kind])
    if kind not in leader.needs:
        scribe.fault(path, _("此人没有这项任务，请在 needs 中写 1，或删去。"))
    if last > leader.term_to or (leader.term_from and first < leader.term_from):
        scribe.fault(path, _("{day} 不在任期之内，不能算完成，请改期。").format(day=last))
    if any(begins <= last and first <= ends for begins, ends in leader.unavailable):
        scribe.fault(path, _("与此人没有空的日期相重，请改正其中一处。"))
    for other, begins, ends in held:
        overlap = begins <= last and first <= ends
        months = (begins.year, begins.month) <= (last.year, last.month) and (first.year, first.month) <= (
            ends.year,
            ends.month,
        )
        if overlap or (instance.rules.once_a_month and months):
            scribe.fault(path, _("与此人的另一项既定安排 {id} 同月或同日，请改正。").format(id=other))
    held.append((leader.fixed[kind], first, last))
