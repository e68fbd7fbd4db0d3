"""Two records of one person become one: proposed, approved by a second person, and undone when it was wrong."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, InternalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, cipher, erasure, search
from keyuan.kernel.access import Actor, Forbidden, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people import queries
from keyuan.people.models import Account, Merge, Person

audit.sentence("people.merge_proposed", "提出合并人员：{thing}")
audit.sentence("people.merged", "合并了人员：{thing}，转移 {moved} 条，{stayed} 条未转移")
audit.sentence("people.merge_refused", "没有同意合并人员：{thing}")
audit.sentence("people.merge_undone", "撤销了人员合并：{thing}，退回 {moved} 条")

_FACTS = ("sex", "birth_month", "organisation_id", "organisation_text", "post_title", "email")
_CARRIED = "carried"  # in the list of what moved: by a carrier, not by a field
# Numbers of persons kept without a foreign key by the floor below, that follow the person.
_LOOSE = ("kernel.Message", "kernel.SavedView", "kernel.NoticePreference", "kernel.StoredFile", "kernel.Job")


@dataclass(frozen=True)
class Carrier:
    """How records follow a person where pointing them at another is not enough (随迁规则), from the room that has them.

    `carry(actor, kept, gone, merge)` moves them within the merge's transaction and gives the keys of what it moved,
    rows of `label`; `back(actor, kept, gone, merge, keys)` brings them back, and is asked even where none were listed. The merge is a number, 0 where it is
    only tried. `instead` are the tables that are left to it.
    """

    label: str
    instead: tuple[str, ...]
    carry: Callable[[Actor, int, int, int], list[int]]
    back: Callable[[Actor, int, int, int, list[int]], int]


CARRIERS: dict[str, Carrier] = {}


def carrier(found: Carrier) -> None:
    """Register a carrier; one a label."""
    CARRIERS[found.label] = found


@dataclass
class Carried:
    """What of one record went over to another, and what the database would not let go."""

    moved: list[dict[str, Any]] = field(default_factory=list)
    stayed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def moved_rows(self) -> int:
        """How many rows went over."""
        return sum(len(each["rows"]) for each in self.moved)

    @property
    def stayed_rows(self) -> int:
        """How many stayed."""
        return sum(len(each["rows"]) for each in self.stayed)


def pointing() -> Iterator[tuple[type[models.Model], str]]:
    """Every table and field that points at a person, found from the registry, so that new rooms are included."""
    for model in apps.get_models(include_auto_created=True):
        if model is Merge or model._meta.proxy or not model._meta.managed:
            continue
        for each in model._meta.concrete_fields:
            if each.remote_field is not None and each.remote_field.model is Person:
                yield model, each.attname
    for label in _LOOSE:
        yield apps.get_model(label), "person_id"


def _carry(actor: Actor, gone: Person, kept: Person, merge: int = 0) -> Carried:
    """Point everything of one record at the other; a row the database refuses stays and is listed."""
    carried = Carried()
    others = {label for each in CARRIERS.values() for label in each.instead}
    for each in CARRIERS.values():
        if keys := each.carry(actor, kept.pk, gone.pk, merge):
            carried.moved.append({"model": each.label, "field": _CARRIED, "rows": keys})
    for model, name in pointing():
        if model._meta.label in others:
            continue
        rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(**{name: gone.pk}).order_by("pk")
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            continue
        went = keys if _updated(model, keys, name, kept) else []
        if not went:
            went = [key for key in keys if _updated(model, [key], name, kept)]
        about = {"model": model._meta.label, "field": name}
        if went:
            carried.moved.append({**about, "rows": went})
        if stayed := [key for key in keys if key not in set(went)]:
            carried.stayed.append({**about, "rows": stayed})
    return carried


def _updated(model: type[models.Model], keys: list[Any], name: str, person: Person) -> bool:
    """Whether the database let these rows point at the person."""
    try:
        with transaction.atomic():
            models.QuerySet(model).filter(pk__in=keys).update(**{name: person.pk})
    except (IntegrityError, InternalError):
        return False
    return True


def tried(actor: Actor, kept: Person, gone: Person) -> Carried:
    """What a merge would move and what would stay, found by doing it and taking it back."""
    carried = Carried()
    with transaction.atomic():
        carried = _carry(actor, gone, kept)
        transaction.set_rollback(True)
    return carried


def _locked(*keys: int) -> list[Person]:
    """The records, locked in the order of their numbers; Fault for an erased or already merged one."""
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    people = [rows[key] for key in keys]
    if any(person.erased_at for person in people):
        raise Fault(_("已注销的人员不能合并。"))
    if len({person.school_id for person in people}) > 1:
        raise Fault(_("只能合并同一分校的人员。"))
    return people


@transaction.atomic
def propose(actor: Actor, *, kept: Person, gone: Person, reason: str) -> Merge:
    """Say that two records are one person; nothing changes until a second person approves."""
    require(actor, "people.merge", kept)
    require(actor, "people.merge", gone)
    if kept.pk == gone.pk:
        raise Fault(_("请选另一个人，不能与自己合并。"))
    if not reason.strip():
        raise Fault(_("请写明为什么是同一人。"), "reason")
    if actor.person_id in {kept.pk, gone.pk}:
        raise Forbidden(_("不能提出合并自己的档案，请由他人提出。"))
    kept, gone = _locked(kept.pk, gone.pk)
    carried = tried(actor, kept, gone)
    merge = Merge(
        school_id=kept.school_id, kept=kept, gone=gone, reason=reason.strip()[:200],
        proposed_by_id=actor.person_id or 0, moved=carried.moved, stayed=carried.stayed,
    )  # fmt: skip
    try:
        with transaction.atomic():
            merge.save()
    except IntegrityError as clash:
        raise Conflict(_("这个人员已经有一项合并在办理，请先处理那一项。")) from clash
    audit.record(actor, "people.merge_proposed", merge, kept=kept.pk, gone=gone.pk)
    return merge


def _decidable(actor: Actor, merge: Merge, state: str) -> Merge:
    held = Merge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=merge.pk)
    require(actor, "people.merge_decide", held)
    if held.state != state:
        raise Conflict(_("这项合并刚刚已由他人处理，请刷新页面再看。"))
    return held


@transaction.atomic
def refuse(actor: Actor, *, merge: Merge, note: str) -> Merge:
    """Say that they are two persons after all."""
    held = _decidable(actor, merge, Merge.State.PROPOSED)
    held.state, held.note = Merge.State.REFUSED, note.strip()[:200]
    held.decided_by_id, held.decided_at = actor.person_id, timezone.now()
    held.moved, held.stayed = [], []
    held.save()
    audit.record(actor, "people.merge_refused", held, kept=held.kept_id, gone=held.gone_id)
    return held


@transaction.atomic
def approve(actor: Actor, *, merge: Merge) -> Merge:
    """Carry it out: everything of the one record goes to the other, with a list of what moved."""
    held = _decidable(actor, merge, Merge.State.PROPOSED)
    kept, gone = _locked(held.kept_id, held.gone_id)
    if kept.merged_into_id or gone.merged_into_id:
        raise Conflict(_("其中一人已并入别人，请重新提出。"))
    before: dict[str, Any] = {"kept": _facts(kept), "gone": _facts(gone)}
    carried = _carry(actor, gone, kept, held.pk)
    before["accounts"] = list(
        Account.objects.filter(person=gone, is_active=True).values_list("pk", flat=True)
    )
    Account.objects.filter(person=gone).update(is_active=False)
    _complete(kept, gone)
    gone.merged_into = kept
    gone.save()
    kept.save()
    held.sealed = cipher.seal(json.dumps(before, ensure_ascii=False), _bound(held))
    held.state, held.moved, held.stayed = Merge.State.MERGED, carried.moved, carried.stayed
    held.decided_by_id, held.decided_at = actor.person_id, timezone.now()
    held.save()
    audit.record(
        actor, "people.merged", held, kept=kept.pk, gone=gone.pk, moved=carried.moved_rows, stayed=carried.stayed_rows
    )  # fmt: skip
    search.forget(Person, [gone.pk])
    search.refresh(kept)
    return held


def _bound(merge: Merge) -> str:
    return f"merge:{merge.pk}"


cipher.sealed(Merge, "sealed", _bound)


def _facts(person: Person) -> dict[str, Any]:
    facts = {name: getattr(person, name) for name in _FACTS}
    return {
        **facts,
        "id": queries.id_number_of(person),
        "phone": queries.phone_of(person),
        "id_kind": person.id_kind,
    }


def _complete(kept: Person, gone: Person) -> None:
    """Fill what the kept record lacks from the other; a number goes over, it is never held twice."""
    if not (kept.organisation_id or kept.organisation_text):
        kept.organisation_id, kept.organisation_text = gone.organisation_id, gone.organisation_text
    for name in ("sex", "birth_month", "post_title", "email"):
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    if not kept.id_index and gone.id_index:
        number, kept.id_kind = queries.id_number_of(gone), gone.id_kind
        _put(gone, "id", "")
        gone.save(update_fields=["id_sealed", "id_index"])
        _put(kept, "id", number)
    if not kept.phone_index and gone.phone_index:
        _put(kept, "phone", queries.phone_of(gone))


def _put(person: Person, what: str, number: str) -> None:
    sealed = cipher.seal(number, f"person:{person.key}:{what}") if number else ""
    setattr(person, f"{what}_sealed", sealed)
    setattr(person, f"{what}_index", cipher.blind_index(what, number) if number else "")


@transaction.atomic
def undo(actor: Actor, *, merge: Merge, note: str) -> Merge:
    """Take a merge back: every row that moved and still points at the kept record returns."""
    held = _decidable(actor, merge, Merge.State.MERGED)
    if not note.strip():
        raise Fault(_("请写明为什么撤销。"), "note")
    if not held.sealed:
        raise Conflict(_("其中一人的信息已注销，不能再撤销合并。"))
    kept, gone = _locked(held.kept_id, held.gone_id)
    before = json.loads(cipher.open_sealed(held.sealed, _bound(held)))
    returned = _return(actor, held, kept, gone)
    _restore(kept, before["kept"], before["gone"])
    kept.save()
    gone.merged_into = None
    _restore(gone, before["gone"], {})
    gone.save()
    Account.objects.filter(pk__in=before["accounts"], person=gone).update(is_active=True)
    held.state, held.note, held.sealed = Merge.State.UNDONE, note.strip()[:200], ""
    held.save(update_fields=["state", "note", "sealed"])
    audit.record(actor, "people.merge_undone", held, kept=kept.pk, gone=gone.pk, moved=returned)
    search.refresh(kept)
    search.refresh(gone)
    return held


def _return(actor: Actor, merge: Merge, kept: Person, gone: Person) -> int:
    keys = {each["model"]: each["rows"] for each in merge.moved if each["field"] == _CARRIED}
    returned = sum(
        each.back(actor, kept.pk, gone.pk, merge.pk, keys.get(label, [])) for label, each in CARRIERS.items()
    )
    for each in merge.moved:
        if each["field"] == _CARRIED:
            continue
        rows: models.QuerySet[models.Model] = models.QuerySet(apps.get_model(each["model"]))
        still = rows.filter(pk__in=each["rows"], **{each["field"]: kept.pk})
        returned += still.update(**{each["field"]: gone.pk})
    return returned


def _restore(person: Person, facts: dict[str, Any], came_from: dict[str, Any]) -> None:
    """Put back what the merge changed; what was corrected since stays corrected."""
    for name in _FACTS:
        if not came_from or getattr(person, name) == (facts[name] or came_from[name]):
            setattr(person, name, facts[name])
    for what, now in (("id", queries.id_number_of(person)), ("phone", queries.phone_of(person))):
        if not came_from or now == (facts[what] or came_from[what]):
            _put(person, what, facts[what])
    if not came_from or facts["id"] or not person.id_index:
        person.id_kind = facts["id_kind"]


@erasure.eraser
def _forget_merged(person_id: int) -> None:
    """Who is erased is forgotten in the merged record too, and in what was kept for undoing."""
    Merge.objects.filter(models.Q(kept=person_id) | models.Q(gone=person_id)).update(
        sealed="", reason="", note=""
    )
    for pk in Person.objects.filter(merged_into=person_id, erased_at=None).values_list("pk", flat=True):
        # Not every row could be moved: what stayed under the other number is forgotten in every room too.
        erasure.everywhere(pk)
