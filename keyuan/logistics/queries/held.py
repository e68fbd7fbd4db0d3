"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from keyuan.kernel.access import Actor, require
from keyuan.logistics.models import Answer, Diner, Group, GroupLock, Post, Ride, Seat, Stay, Wish
from keyuan.logistics.queries.needs import opened
from keyuan.people.models import Person
from keyuan.training.models import Nomination


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """A record a class in which anything is held: needs in clear, wishes, posts and places."""
    require(actor, "people.self", person)
    rows = Nomination.objects.filter(person=person).select_related("training_class").order_by("pk")
    found = []
    for row in rows:
        facts = {title: value for title, value in (_needs(row) | _places(row)).items() if value}
        if facts:
            found.append({"班次": str(row.training_class), **facts})
    return found


def _needs(row: Nomination) -> dict[str, Any]:
    answer = Answer.objects.filter(nomination=row).first()
    needs = opened(answer) if answer else None
    wish = Wish.objects.filter(nomination=row).select_related("other__person").first()
    return {
        "用餐需要": needs.diet if needs else "",
        "住宿需要": needs.room if needs else "",
        "参加临时党支部": {"yes": "是", "no": "否"}.get(needs.branch, "") if needs else "",
        "通讯录印手机号": "是" if needs and needs.shows_phone else "",
        "填写时间": answer.answered_at.isoformat() if answer else "",
        "同住意愿": wish.other.person.name if wish else "",
    }


def _places(row: Nomination) -> dict[str, Any]:
    stay = Stay.objects.filter(nomination=row).select_related("room").first()
    return {
        "班级职务": [str(post.get_kind_display()) for post in Post.objects.filter(nomination=row)],
        "组长": [str(group) for group in Group.objects.filter(leader=row)],
        "组别锁定": "是" if GroupLock.objects.filter(nomination=row).exists() else "",
        "桌次": [str(diner.table) for diner in Diner.objects.filter(nomination=row).select_related("table")],
        "房间": str(stay.room) if stay else "",
        "车次": [f"{ride.leg} {ride.vehicle}" for ride in Ride.objects.filter(nomination=row).select_related("leg", "vehicle")],
        "座次": [f"{seat.hall} {seat}" for seat in Seat.objects.filter(nomination=row).select_related("hall")],
    }  # fmt: skip
