"""The board of tables, and what the kitchen is told: how many, never who."""

from datetime import date

from django.utils.translation import gettext as _

from keyuan.attendance.models import LeaveSitting
from keyuan.kernel.access import Actor, visible
from keyuan.logistics.models import Answer, Diner, MealTable
from keyuan.logistics.models.arrangement import Meal
from keyuan.logistics.queries.boards import Board, Card, Column, card, trainees
from keyuan.logistics.queries.needs import arrangement_of, opened
from keyuan.logistics.rules import dining
from keyuan.training.models import TrainingClass

OWNER = "training.class"


def tables_of(actor: Actor, training_class: TrainingClass) -> list[MealTable]:
    """The tables of a class, the head table first."""
    return list(visible(actor, MealTable).filter(training_class=training_class))


def table_board(actor: Actor, training_class: TrainingClass) -> Board:
    """The tables and who sits at them."""
    columns = {
        one.pk: Column(
            str(one.pk), str(one), capacity=one.capacity, pk=one.pk, note=_("主桌") if one.is_head and one.title else ""
        )
        for one in tables_of(actor, training_class)
    }  # fmt: skip
    diners = {
        one.nomination_id: one for one in visible(actor, Diner).filter(table__training_class=training_class)
    }
    waiting: list[Card] = []
    for row in trainees(training_class):
        diner = diners.get(row.pk)
        note = _("第%(n)s组") % {"n": row.group} if row.group else ""
        made = card(row, locked=diner.locked if diner else False, note=note)
        (waiting if diner is None else columns[diner.table_id].cards).append(made)
    return Board(waiting, list(columns.values()))


def _away(training_class: TrainingClass) -> dict[int, set[tuple[date, str]]]:
    """Person → half-days of approved leave."""
    rows = LeaveSitting.objects.filter(
        live=True, leave__state="approved", leave__owner_label=OWNER, leave__owner_id=training_class.pk
    ).values_list("leave__person_id", "expected__sitting__date", "expected__sitting__half")
    found: dict[int, set[tuple[date, str]]] = {}
    for person_id, day, half in rows:
        found.setdefault(person_id, set()).add((day, half))
    return found


def kitchen(actor: Actor, training_class: TrainingClass) -> tuple[list[str], list[dining.Serving]]:
    """The kinds of need that occur, and each meal in numbers; leave that was approved is taken off."""
    found = arrangement_of(training_class)
    answers = visible(actor, Answer).filter(nomination__training_class=training_class)
    diets = {one.nomination_id: opened(one).diet for one in answers} if found.asks_diet else {}
    away = _away(training_class)
    eaters = [
        dining.Eater(
            row.lodging, dining.marks_of(diets.get(row.pk, "")), frozenset(away.get(row.person_id, ()))
        )
        for row in trainees(training_class)
    ]
    meals = dining.meals_between(
        training_class.starts, training_class.ends, found.first_meal, found.last_meal
    )
    rows = dining.servings(eaters, meals)
    return dining.titles(rows), rows


def meal_words(meal: str) -> str:
    """早餐, 午餐 or 晚餐."""
    return str(Meal(meal).label)
