"""People without an account: a signed personal link makes this browser act for one trainee, and nothing more."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from keyuan.kernel import links
from keyuan.kernel.access import ANONYMOUS, Actor
from keyuan.people.models import Person

COOKIE = "keyuan_guest"
DAYS = 60
_SALT = "keyuan.guest"


def link_for(person_id: int, path: str) -> str:
    """The address that opens `path` on a trainee's own phone without a password; it holds for 60 days."""
    return links.absolute(f"/g/{links.make('guest', p=person_id, n=path)}/")


def remember(answer: HttpResponse, person_id: int) -> None:
    """Let this browser act for the person until the cookie or the next sign-in ends it."""
    answer.set_cookie(
        COOKIE,
        signing.dumps(person_id, salt=_SALT),
        max_age=DAYS * 86400,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def guest_of(request: HttpRequest) -> Actor:
    """The trainee whose link this browser opened; nobody when there is none, it is old, or the person is erased."""
    text = request.COOKIES.get(COOKIE)
    if not text:
        return ANONYMOUS
    try:
        person_id = signing.loads(text, salt=_SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return ANONYMOUS
    person = Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None:
        return ANONYMOUS
    return Actor(person.pk, person.school_id, None, frozenset({"trainee"}), label=f"{person.name} · 学员")
