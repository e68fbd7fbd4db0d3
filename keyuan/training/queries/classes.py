"""Classes read: lists, search, and the tabs of one class for one actor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, can, visible
from keyuan.training.models import TrainingClass

Tab = tuple[str, str, bool, int | None]
Shown = Callable[[Actor, TrainingClass], bool]


@dataclass(frozen=True)
class _Page:
    """A page that a higher room hangs on each class."""

    path: str
    title: str | Promise
    shown: Shown


_PAGES: dict[str, _Page] = {}


def tab(path: str, title: str | Promise, shown: Shown) -> None:
    """Hang a higher room's page on each class, before closing: `path` under `/classes/<id>/`, as "fees/".

    `title` is a lazy translation; `shown` says who gets the tab. Registering a path again changes nothing.
    """
    _PAGES[path] = _Page(path, title, shown)


def classes_seen(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes an actor sees with what a list shows of them."""
    return visible(actor, TrainingClass).select_related("activity", "department", "head_teacher")


def search_classes(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Classes whose title, venue, activity or head teacher contains the text."""
    return rows.filter(
        Q(title__icontains=text)
        | Q(venue__icontains=text)
        | Q(activity__name__icontains=text)
        | Q(head_teacher__name__icontains=text)
    )


def tabs_for(actor: Actor, training_class: TrainingClass, current: str) -> list[Tab]:
    """The pages of a class open to this actor: title, address, whether current, count."""
    base = f"/classes/{training_class.pk}/"
    office = can(actor, "training.dossier", training_class)
    entry, quota = training_class.entry, TrainingClass.Entry.QUOTA
    entries = [
        ("", _("概况"), True),
        ("shares/", _("名额分配"), entry == quota and can(actor, "training.publish", training_class)),
        (
            "invite/",
            _("邀请"),
            entry == TrainingClass.Entry.INVITATION and can(actor, "training.admit", training_class),
        ),
        (
            "nominate/",
            _("推荐报名"),
            entry == quota
            and can(actor, "training.nominate", training_class)
            and not can(actor, "training.admit", training_class),
        ),
        ("nominations/", _("报名审核"), can(actor, "training.admit", training_class)),
        ("roster/", _("学员名册"), office),
        ("timetable/", _("课程表"), True),
        ("stops/", _("行程"), training_class.itinerary),
        ("attendance/", _("考勤"), can(actor, "training.run", training_class)),
        *((page.path, str(page.title), page.shown(actor, training_class)) for page in _PAGES.values()),
        ("closing/", _("结班"), can(actor, "training.dossier", training_class)),
        ("papers/", _("文件与档案"), office),
        ("life/", _("变更与归档"), can(actor, "training.publish", training_class)),
    ]
    return [(title, base + path, path == current, None) for path, title, shown in entries if shown]
