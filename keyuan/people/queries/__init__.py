"""Reads about persons, accounts and seats."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.kernel import cipher, codes, mail
from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.models import Message, NoticePreference, SavedView
from keyuan.orgs.models import Organisation
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role


def seats_held(person_id: int, today: date | None = None) -> list[Seat]:
    """The seats a person may act in on a day (today unless given), in one query."""
    today = today or timezone.localdate()
    rows = Seat.objects.filter(person_id=person_id).select_related("person", "school", "organisation")
    return [seat for seat in rows if seat.holds_on(today)]


def people_matching(actor: Actor, *, text: str = "") -> QuerySet[Person]:
    """The persons an actor sees whose name, pinyin, unit or post contains the text; phone or ID whole."""
    rows = visible(actor, Person).filter(erased_at=None, merged_into=None).select_related("organisation")
    return search_people(rows.order_by("pinyin", "id"), text)


def search_people(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Of some persons those whose name, pinyin, unit or post contains the text, or whose phone or ID it is."""
    text = text.strip()
    if not text:
        return rows
    # The units are looked through once, not once a person.
    units = Organisation.objects.filter(name__icontains=text).order_by().values("pk")
    wanted = (
        Q(name__icontains=text)
        | Q(organisation__in=units)
        | Q(organisation_text__icontains=text)
        | Q(post_title__icontains=text)
    )
    if text.isascii():
        wanted |= Q(pinyin__icontains=text)
    digits = codes.normal_id_number(text)
    if len(digits) >= 8:
        wanted |= Q(id_index=cipher.blind_index("id", digits))
        wanted |= Q(phone_index=cipher.blind_index("phone", codes.normal_phone(text)))
    return rows.filter(wanted)


def has_people() -> Exists:
    """The condition of organisations that anybody belongs to: one look into the index each, not a join with all."""
    return Exists(Person.objects.filter(organisation=OuterRef("pk")))


def person_by_id_number(school_id: int, id_number: str) -> Person | None:
    """The one person of a school with this identity number, found through the keyed index."""
    index = cipher.blind_index("id", codes.normal_id_number(id_number))
    found = Person.objects.filter(school_id=school_id, id_index=index).select_related("merged_into").first()
    return found.merged_into or found if found else None


def people_by_id_index(school_id: int, indexes: Iterable[str]) -> dict[str, Person]:
    """The persons of a school by blind index, in one query a thousand."""
    wanted = [index for index in indexes if index]
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), 1000):
        rows = Person.objects.filter(school_id=school_id, id_index__in=wanted[start : start + 1000])
        joined = rows.select_related("organisation", "merged_into__organisation")
        found.update({person.id_index: person.merged_into or person for person in joined})
    return found


def people_alike(
    school_id: int, *, phones: Iterable[str], names: Iterable[str]
) -> tuple[dict[str, list[Person]], dict[str, list[Person]]]:
    """The school's persons by phone index and by name, a few queries for any number of rows."""
    by_phone: dict[str, list[Person]] = {}
    by_name: dict[str, list[Person]] = {}
    rows = Person.objects.filter(school_id=school_id, erased_at=None, merged_into=None)
    rows = rows.select_related("organisation")
    for field, found, wanted in (("phone_index", by_phone, phones), ("name", by_name, names)):
        values = sorted({value for value in wanted if value})
        for start in range(0, len(values), 1000):
            for person in rows.filter(**{f"{field}__in": values[start : start + 1000]}).order_by("pk"):
                found.setdefault(getattr(person, field), []).append(person)
    return by_phone, by_name


def id_number_of(person: Person) -> str:
    """The whole identity number; the caller has asked `people.reveal` or prints an official paper."""
    return cipher.open_sealed(person.id_sealed, f"person:{person.key}:id") if person.id_sealed else ""


def phone_of(person: Person) -> str:
    """The whole phone number; the caller has asked `people.reveal` or works for the person."""
    return (
        cipher.open_sealed(person.phone_sealed, f"person:{person.key}:phone") if person.phone_sealed else ""
    )


def masked(person: Person) -> dict[str, str]:
    """ID number and phone as the screen shows them."""
    return {"id": codes.mask_id_number(id_number_of(person)), "phone": codes.mask_phone(phone_of(person))}


def liaisons_of(organisation_ids: Iterable[int]) -> dict[int, list[int]]:
    """Who is liaison of which organisation today: organisation id → person ids."""
    today = timezone.localdate()
    rows = Seat.objects.filter(
        role=Role.LIAISON, organisation_id__in=list(organisation_ids), starts__lte=today
    ).filter(Q(ends=None) | Q(ends__gte=today))
    found: dict[int, list[int]] = {}
    for organisation_id, person_id in rows.values_list("organisation_id", "person_id"):
        if organisation_id is not None:
            found.setdefault(organisation_id, []).append(person_id)
    return found


def heads_of(organisation_id: int) -> list[int]:
    """The persons who head a department today."""
    today = timezone.localdate()
    rows = Seat.objects.filter(role=Role.DEPARTMENT_HEAD, organisation_id=organisation_id, starts__lte=today)
    return list(rows.filter(Q(ends=None) | Q(ends__gte=today)).values_list("person_id", flat=True))


def holders_of(role: str, school_id: int) -> list[int]:
    """The persons who hold a role in a school today."""
    today = timezone.localdate()
    rows = Seat.objects.filter(role=role, school_id=school_id, starts__lte=today)
    return list(rows.filter(Q(ends=None) | Q(ends__gte=today)).values_list("person_id", flat=True))


@dataclass(frozen=True)
class ProfileLine:
    """One line on one's own page that a room above brings: what, where to, a note."""

    text: str
    link: str = ""
    note: str = ""


ProfileSource = Callable[[Actor], "tuple[str, list[ProfileLine]] | None"]
PROFILE: list[ProfileSource] = []


def profile_card(function: ProfileSource) -> ProfileSource:
    """Register a card on one's own page: its title and lines, or None to stay away."""
    PROFILE.append(function)
    return function


def profile_of(actor: Actor) -> list[tuple[str, list[ProfileLine]]]:
    """The cards of the rooms above for the one who looks at the own page."""
    return [card for source in PROFILE if (card := source(actor)) is not None]


@mail.address_book
def mail_addresses(person_ids: list[int]) -> dict[int, str]:
    """Where notices by mail go: the address one signs in with, else the one registered."""
    rows = Person.objects.filter(pk__in=person_ids, erased_at=None).values_list(
        "pk", "account__email", "email"
    )
    return {person: found for person, signs_in, kept in rows if (found := signs_in or kept)}


def account_by_phone(phone: str) -> Account | None:
    """The account that signs in with this phone."""
    index = cipher.blind_index("phone", codes.normal_phone(phone))
    return Account.objects.filter(phone_index=index).first()


def personal_data(actor: Actor, person: Person) -> dict[str, Any]:
    """Everything this room holds about a person, for the person's own export (PIPL art. 45)."""
    require(actor, "people.self", person)
    return {
        "姓名": person.name,
        "性别": person.sex,
        "出生年月": person.birth_month,
        "单位": person.unit,
        "职务": person.post_title,
        "证件号码": id_number_of(person),
        "手机": phone_of(person),
        "邮箱": person.email,
        "身份": [str(seat) for seat in person.seats.select_related("organisation", "school")],
        "知情同意": [
            [str(c), c.given_at.isoformat(), str(c.withdrawn_at or "")] for c in person.consents.all()
        ],
        "登录账号": [
            [row.email or "", str(row.last_login or "")] for row in Account.objects.filter(person=person)
        ],
        "消息": [
            [row.at.isoformat(), row.title, row.text]
            for row in Message.objects.filter(person_id=person.pk).order_by("pk")
        ],
        "保存的筛选": [row.name for row in SavedView.objects.filter(person_id=person.pk)],
        "通知偏好": [
            str(row.get_mail_display()) for row in NoticePreference.objects.filter(person_id=person.pk)
        ],
    }
