"""Writes about persons, accounts and seats: one transaction and one audit line each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from keyuan.kernel import audit, bulk, cipher, codes, erasure, links, pinyin, search
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.people import queries
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role

audit.sentence("people.added", "登记了人员：{thing}")
audit.sentence("people.added_many", "批量登记了 {count} 人")
audit.sentence("people.changed", "修改了人员信息：{thing}（{fields}）")
audit.sentence("people.revealed", "查看了{thing}的{what}")
audit.sentence("people.seated", "授予身份：{thing}")
audit.sentence("people.unseated", "收回身份：{thing}")
audit.sentence("people.invited", "发出账号开通链接：{thing}")
audit.sentence("people.activated", "开通了账号：{thing}")
audit.sentence("people.exported", "导出了本人信息：{thing}")

cipher.sealed(Person, "id_sealed", lambda person: f"person:{person.key}:id", index=("id_index", "id"))
cipher.sealed(
    Person, "phone_sealed", lambda person: f"person:{person.key}:phone", index=("phone_index", "phone")
)


@cipher.follows
def _accounts_follow() -> int:
    """Who signs in by phone does so by the person's index: after a change of profile it is another."""
    by_phone = Account.objects.filter(phone_index__isnull=False, person__phone_sealed__gt="")
    index = Person.objects.filter(pk=OuterRef("person_id")).values("phone_index")
    return by_phone.exclude(phone_index=F("person__phone_index")).update(phone_index=Subquery(index))


@dataclass(frozen=True)
class PersonFacts:
    """What a roster says of a person, normalised."""

    name: str
    sex: str = ""
    birth_month: str = ""
    organisation: Organisation | None = None
    organisation_text: str = ""
    post_title: str = ""
    id_number: str = ""
    phone: str = ""
    email: str = ""
    id_kind: str = Person.IdKind.RESIDENT
    demo: bool = False


def _clean(facts: PersonFacts) -> PersonFacts:
    name = codes.normal_name(facts.name)
    if not name:
        raise Fault("请填写姓名。", "name")
    id_number = codes.normal_id_number(facts.id_number)
    if id_number and facts.id_kind == Person.IdKind.RESIDENT:
        fault = codes.id_number_fault(id_number)
        if fault:
            raise Fault(fault, "id_number")
    phone = codes.normal_phone(facts.phone)
    if (name, id_number, phone) == (facts.name, facts.id_number, facts.phone):
        return facts
    return replace(facts, name=name, id_number=id_number, phone=phone)


def _fill(person: Person, facts: PersonFacts, id_index: str = "") -> Person:
    person.name, person.sex, person.birth_month = facts.name, facts.sex, facts.birth_month
    person.organisation, person.organisation_text = facts.organisation, facts.organisation_text
    person.post_title, person.email, person.id_kind = facts.post_title, facts.email, facts.id_kind
    person.pinyin = pinyin.index_of(facts.name)
    if facts.id_number:
        person.id_sealed = cipher.seal(facts.id_number, f"person:{person.key}:id")
        person.id_index = id_index or cipher.blind_index("id", facts.id_number)
    if facts.phone:
        person.phone_sealed = cipher.seal(facts.phone, f"person:{person.key}:phone")
        person.phone_index = cipher.blind_index("phone", facts.phone)
    person.demo = person.demo or facts.demo
    return person


def drafted(actor: Actor, *, facts: PersonFacts, id_index: str = "") -> Person:
    """The person these facts make, sealed and judged but not saved; asks the database nothing.

    `id_index` is the blind index of the ID number, where the caller has made it already.

    Raises Fault for a bad ID number, Forbidden when the actor may not register this person.
    """
    facts = _clean(facts)
    if actor.school_id is None:
        raise Fault("当前身份不属于任何分校，无法登记人员。")
    person = _fill(Person(school_id=actor.school_id), facts, id_index)
    require(actor, "people.add", person)
    return person


@transaction.atomic
def add_person(actor: Actor, *, facts: PersonFacts) -> Person:
    """Register a person; raises Fault for a bad ID number and Conflict when the number is known already."""
    person = drafted(actor, facts=facts)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as clash:
        raise Conflict("该证件号码已登记在另一人名下，请从已有人员中选择。", "id_number") from clash
    audit.record(actor, "people.added", person)
    search.refresh(person)
    return person


@transaction.atomic
def add_people(actor: Actor, *, people: Sequence[Person]) -> None:
    """Register persons made by `drafted`, all or none, with one audit line that names their ids.

    Raises IntegrityError when one of their numbers is known already; the caller has looked before.
    """
    for person in people:
        require(actor, "people.add", person)
    if people:
        bulk.insert(people)
        audit.record(actor, "people.added_many", count=len(people), ids=[person.pk for person in people])
        search.refresh_later(Person, [person.pk for person in people])


@transaction.atomic
def change_person(actor: Actor, *, person: Person, facts: PersonFacts) -> Person:
    """Correct a person's facts; an empty ID number or phone leaves the stored one."""
    require(actor, "people.change", person)
    facts = _clean(facts)
    before = Person.objects.get(pk=person.pk)
    _fill(person, facts)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as clash:
        raise Conflict("该证件号码已登记在另一人名下。", "id_number") from clash
    names = (
        "name",
        "sex",
        "birth_month",
        "organisation_id",
        "post_title",
        "id_index",
        "phone_index",
        "email",
    )
    changed = [n for n in names if getattr(before, n) != getattr(person, n)]
    audit.record(actor, "people.changed", person, fields="、".join(changed))
    search.refresh(person)
    return person


@transaction.atomic
def complete_person(actor: Actor, *, person: Person, id_number: str, phone: str, id_kind: str) -> Person:
    """Fill in an identity number or phone that was blank; what is registered already stays as it is."""
    require(actor, "people.change", person)
    held = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    filled = []
    if id_number and not held.id_index and not queries.person_by_id_number(held.school_id, id_number):
        held.id_sealed = cipher.seal(id_number, f"person:{held.key}:id")
        held.id_index, held.id_kind = cipher.blind_index("id", id_number), id_kind
        filled.append("id_index")
    if phone and not held.phone_index:
        held.phone_sealed = cipher.seal(phone, f"person:{held.key}:phone")
        held.phone_index = cipher.blind_index("phone", phone)
        filled.append("phone_index")
    if filled:
        held.save(update_fields=["id_sealed", "id_index", "id_kind", "phone_sealed", "phone_index"])
        audit.record(actor, "people.changed", held, fields="、".join(filled))
    return held


@transaction.atomic
def reveal(actor: Actor, *, person: Person, what: str) -> str:
    """The whole ID number (`id`) or phone (`phone`), and a line that says who looked."""
    require(actor, "people.reveal", person)
    if what not in {"id", "phone"}:
        raise Fault("只能查看证件号码或手机号。")
    audit.record(actor, "people.revealed", person, what={"id": "证件号码", "phone": "手机号"}[what])
    return queries.id_number_of(person) if what == "id" else queries.phone_of(person)


@transaction.atomic
def grant_seat(
    actor: Actor,
    *,
    person: Person,
    role: str,
    organisation: Organisation | None = None,
    ends: date | None = None,
) -> Seat:
    """Give a person a seat from today; the database keeps the three administrators three persons."""
    require(actor, "people.seats", person)
    if role in {Role.LIAISON, Role.DEPARTMENT_HEAD} and organisation is None:
        raise Fault("联络员和部门负责人必须选定所代表的单位。", "organisation")
    seat = Seat(
        person=person,
        school_id=person.school_id,
        role=role,
        organisation=organisation,
        starts=timezone.localdate(),
        ends=ends,
    )
    try:
        with transaction.atomic():
            seat.save()
    except IntegrityError as clash:
        raise Conflict(
            "此人已有相同身份，或已担任系统、安全、审计三类管理员之一（三员须由三人分任）。", "role"
        ) from clash
    audit.record(
        actor,
        "people.seated",
        seat,
        person=person.pk,
        role=role,
        organisation=organisation and organisation.pk,
    )
    return seat


def seat_trainee(actor: Actor, *, person: Person) -> None:
    """Whoever is admitted somewhere may act as trainee of the school; repeated, nothing doubles."""
    require(actor, "people.add", person)
    Seat.objects.get_or_create(
        person=person, school_id=person.school_id, role=Role.TRAINEE, organisation=None, ends=None
    )


@transaction.atomic
def end_seat(actor: Actor, *, seat: Seat) -> None:
    """Take a seat away; it stops working with the next request."""
    require(actor, "people.seats", seat.person)
    day = timezone.localdate()
    # A seat ended today must not work today, so it ends the day before (or on its first day's eve).
    Seat.objects.filter(pk=seat.pk).update(
        starts=min(seat.starts, date.fromordinal(day.toordinal() - 1)),
        ends=date.fromordinal(day.toordinal() - 1),
    )
    audit.record(actor, "people.unseated", seat, person=seat.person_id, role=seat.role)


@transaction.atomic
def invite(actor: Actor, *, person: Person) -> str:
    """A link, good for seven days and one use, by which a person opens the account and sets a password."""
    require(actor, "people.change", person)
    account = Account.objects.filter(person=person).first()
    if account is None:
        if not person.email and not person.phone_index:
            raise Fault("请先为此人登记邮箱或手机号，再发开通链接。")
        try:
            with transaction.atomic():
                account = Account.objects.create_user(
                    email=person.email or None, person=person, phone_index=person.phone_index or None
                )
        except IntegrityError as clash:
            raise Conflict("此邮箱或手机号已是另一人的登录账号。") from clash
    audit.record(actor, "people.invited", person)
    return links.make("account.activate", account=account.pk, stamp=account.password[-12:])


@transaction.atomic
def activate(*, token: str, password: str) -> Account:
    """Set the first password by the link of `invite`; used once, since the password changes the stamp."""
    ids: dict[str, Any] = links.read("account.activate", token, days=7)
    account = Account.objects.select_for_update().filter(pk=ids.get("account") or 0).first()
    if account is None or account.password[-12:] != ids.get("stamp"):
        raise links.LinkDead("这个开通链接已经用过，请直接登录；忘记密码可在登录页重设。")
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Fault(" ".join(weak.messages), "password") from weak
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record(
        Actor(account.person_id, account.person.school_id, None, frozenset()),
        "people.activated",
        account.person,
    )
    return account


@transaction.atomic
def export_self(actor: Actor, *, person: Person) -> dict[str, Any]:
    """One's own data from every room that registered, and a line that it was taken."""
    require(actor, "people.self", person)
    data = {title: read(actor, person) for title, read in EXPORTS.items()}
    audit.record(actor, "people.exported", person)
    return data


Export = Callable[[Actor, Person], Any]
EXPORTS: dict[str, Export] = {"基本信息": queries.personal_data}


def exports(title: str, read: Export) -> None:
    """A room registers what it holds about a person, for the person's own export."""
    EXPORTS[title] = read


def erase_person(actor: Actor, *, person: Person) -> None:
    """Forget a person's data in every room (PIPL art. 47); hours, papers and the audit chain keep numbers only.

    Refused while the person is admitted to a class that is not yet closed: the room above says so.
    """
    require(actor, "people.erase", person)
    for check in ERASURE_CHECKS:
        reason = check(person)
        if reason:
            raise Fault(reason)
    erasure.erase(actor, person_id=person.pk)


ErasureCheck = Callable[[Person], str]
ERASURE_CHECKS: list[ErasureCheck] = []


def erasure_check(function: ErasureCheck) -> ErasureCheck:
    """A room says why a person cannot be erased yet; an empty sentence means no objection."""
    ERASURE_CHECKS.append(function)
    return function


@erasure.eraser
def _forget(person_id: int) -> None:
    """What this room forgets: everything but the row's number, so that what hangs on it stays whole."""
    search.forget(Person, [person_id])
    Account.objects.filter(person_id=person_id).delete()
    Seat.objects.filter(person_id=person_id, ends=None).update(ends=timezone.localdate())
    Person.objects.filter(pk=person_id).update(
        name="已注销", pinyin="", sex="", birth_month="", organisation=None, organisation_text="", post_title="",
        id_sealed="", id_index="", phone_sealed="", phone_index="", email="", erased_at=timezone.now(),
    )  # fmt: skip
