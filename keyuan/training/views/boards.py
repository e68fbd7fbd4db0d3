"""The boards over all classes: a week by class, teacher or room, as a sheet, and the search for a free room."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import page
from keyuan.people.roles import OFFICE, Role
from keyuan.training.forms.rooms import RoomForm, typed
from keyuan.training.models import Session
from keyuan.training.queries import boards, rooms
from keyuan.training.rules.boards import WEEK
from keyuan.training.sheets.boards import TITLES, board_file


@navigation.entry(
    "课表总览", "training:boards", roles=(*OFFICE, Role.HEAD_TEACHER), order=22, icon="calendar"
)
@require_GET
def board(request: HttpRequest, view: str = WEEK) -> HttpResponse:
    """One week of all classes."""
    actor = actor_of(request)
    require(actor, "training.boards")
    found = boards.board(actor, boards.asked_for(view, request.GET.dict()))
    return page(request, "training/board.html", board=found, asked=found.asked, halves=Session.Half.choices)


@require_GET
def board_export(request: HttpRequest, view: str) -> HttpResponse:
    """The same sessions as a spreadsheet."""
    actor = actor_of(request)
    require(actor, "training.boards")
    found = boards.board(actor, boards.asked_for(view, request.GET.dict()))
    return attachment(board_file(found), f"{TITLES[view]} {found.asked.monday:%Y-%m-%d}.xlsx")


@require_GET
def free_rooms(request: HttpRequest) -> HttpResponse:
    """Which rooms are free at a time, and what the others are taken by."""
    actor = actor_of(request)
    require(actor, "training.boards")
    form = RoomForm(actor, typed(request.GET, timezone.localdate()))
    found = rooms.found(actor, rooms.wanted_of(form.cleaned_data), form.chosen) if form.is_valid() else None
    return page(
        request, "training/free_rooms.html", form=form, found=found, status=200 if found else 422,
        asked=boards.asked_for(WEEK, form.data), title=_("找空教室"),
    )  # fmt: skip
