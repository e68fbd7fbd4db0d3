"""The door for people without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from keyuan.kernel import links
from keyuan.kernel.access import public
from keyuan.people import guests


@public
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Open a personal link: this browser acts for its trainee from now on, and goes where the link points."""
    ids = links.read("guest", token, days=guests.DAYS)
    target = str(ids["n"])
    answer = redirect(target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/")
    guests.remember(answer, int(ids["p"]))
    return answer
