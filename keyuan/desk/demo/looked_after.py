"""The running demo class looked after: groups, posts, rooms, a journey, seats, and what a few trainees need."""

from datetime import time

from django.db import transaction

from keyuan.desk.demo.cast import Cast
from keyuan.desk.demo.running import TITLE
from keyuan.logistics.actions import answering, arranging, dining, grouping, lodging, posts, riding, seating
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import Arrangement, MealTable, Post
from keyuan.training.models import Nomination, TrainingClass

DIETS = ("", "素食", "", "不吃海鲜", "", "", "清真餐")
POSTS = ((Post.Kind.MONITOR, 2), (Post.Kind.VICE_MONITOR, 9), (Post.Kind.STUDY, 15), (Post.Kind.LIFE, 21))


def make(cast: Cast) -> None:
    """Every running demo class once."""
    rows = TrainingClass.objects.filter(school=cast.school, title__startswith=TITLE, state="published")
    for klass in rows.exclude(pk__in=Arrangement.objects.values("training_class")):
        people = list(klass.nominations.filter(state=Nomination.State.ADMITTED).order_by("pk"))
        if len(people) > max(at for _kind, at in POSTS):
            _arranged(cast, klass, people)


@transaction.atomic
def _arranged(cast: Cast, klass: TrainingClass, people: list[Nomination]) -> None:
    actor = cast.actor("headteacher")
    arranging.set_up(
        actor,
        training_class=klass,
        facts={"asks_diet": True, "asks_room": True, "asks_branch": True, "asks_phone": True},
    )
    for at, row in enumerate(people[: len(people) // 2]):
        facts = AnswerFacts(
            diet=DIETS[at % len(DIETS)],
            room="低楼层" if at % 11 == 4 else "",
            branch="yes" if at % 2 else "",
            shows_phone=at % 3 == 0,
        )
        answering.answer(actor, nomination=row, facts=facts)
    grouping.propose_groups(actor, training_class=klass, count=6)
    for kind, at in POSTS:
        posts.appoint(actor, training_class=klass, kind=kind, nomination_id=people[at].pk)
    _places(cast, klass)
    _tables(cast, klass, people)
    for part in ("groups", "rooms", "rides", "seats", "tables"):
        arranging.tell(actor, training_class=klass, part=part)


def _tables(cast: Cast, klass: TrainingClass, people: list[Nomination]) -> None:
    """A head table with the class's posts, the rest group by group."""
    actor = cast.actor("headteacher")
    dining.add_tables(actor, training_class=klass, count=1, capacity=10, head=True)
    head = MealTable.objects.get(training_class=klass, is_head=True)
    ids = [people[at].pk for _kind, at in POSTS]
    dining.move_diners(actor, training_class=klass, ids=ids, table_id=head.pk)
    dining.propose_tables(actor, training_class=klass, together=True)


def _places(cast: Cast, klass: TrainingClass) -> None:
    actor = cast.actor("headteacher")
    rooms = [RoomFacts(str(number), 2, house="演示宾馆") for number in range(601, 621)]
    lodging.add_rooms(actor, training_class=klass, rooms=rooms)
    lodging.propose_rooms(actor, training_class=klass)
    facts = {
        "title": "现场教学", "date": klass.ends, "departs": time(8), "start": "演示宾馆大堂", "goal": "广东科学馆",
    }  # fmt: skip
    leg = riding.save_leg(actor, training_class=klass, facts=facts)
    riding.add_vehicles(actor, training_class=klass, leg_id=leg.pk, count=2, capacity=33)
    riding.propose_rides(actor, training_class=klass, leg_id=leg.pk)
    layout = {"title": "学术厅", "rows": 7, "columns": 12, "aisles": [6], "kept_rows": 1}
    hall = seating.save_hall(actor, training_class=klass, facts=layout)
    seating.propose_seats(actor, training_class=klass, hall_id=hall.pk, way="group")
