"""Finds the seat behind each request."""

from collections.abc import Callable

from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from keyuan.kernel import notify
from keyuan.kernel.access import ANONYMOUS, Actor
from keyuan.people.guests import guest_of
from keyuan.people.models import Account, Seat

SEAT_KEY = "seat"
# What the frame of every page says of a seat; the forty other columns are not read for it.
SHOWN = (
    "person_id", "school_id", "organisation_id", "role", "starts", "ends",
    "person__name", "school__name", "organisation__name", "organisation__short_name",
)  # fmt: skip


def actor_in(seat: Seat) -> Actor:
    """The actor that a seat makes of its person."""
    return Actor(
        person_id=seat.person_id,
        school_id=seat.school_id,
        organisation_id=seat.organisation_id,
        roles=frozenset({seat.role}),
        seat_id=seat.pk,
        label=f"{seat.person.name} · {seat.get_role_display()}",
    )


def seats_held(account: Account) -> list[Seat]:
    """The seats an account may act in today, in one query."""
    today = timezone.localdate()
    rows = Seat.objects.filter(person_id=account.person_id).select_related("person", "school", "organisation")
    rows = rows.only(*SHOWN).annotate(unread=notify.unread_of(OuterRef("person_id")))
    return [seat for seat in rows if seat.holds_on(today)]


class SeatMiddleware:
    """Sets `request.actor`, `request.seat` and `request.seats`; a seat that has ended is left at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Static files and anonymous visitors cost no query."""
        request.actor, request.seats, request.seat = ANONYMOUS, [], None  # type: ignore[attr-defined] # ours
        account = request.user
        if isinstance(account, Account) and account.is_authenticated:
            seats = seats_held(account)
            wanted = request.session.get(SEAT_KEY)
            seat = next((s for s in seats if s.pk == wanted), seats[0] if seats else None)
            request.seats, request.seat = seats, seat  # type: ignore[attr-defined] # ours
            if seat:
                request.unread = seat.unread  # type: ignore[attr-defined] # ours, counted with the seats
                request.actor = actor_in(seat)  # type: ignore[attr-defined] # ours
        else:
            request.actor = guest_of(request)  # type: ignore[attr-defined] # ours
        return self.get_response(request)
