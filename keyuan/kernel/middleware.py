"""Turns what went wrong into a page that says so and how to mend it."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from keyuan.kernel import faultpages
from keyuan.kernel.faults import Fault

log = logging.getLogger("keyuan.faults")

FULL = ("disk is full", "disk full", "no space left")
BUSY = (
    "locked",
    "deadlock",
    "could not serialize",
    "lock timeout",
    "statement timeout",
    "too many connections",
)


class FaultMiddleware:
    """Faults, refusals and a tired database become designed pages; parts for htmx become toasts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to sign in where a session ended under htmx."""
        answer = self.get_response(request)
        return sign_in_again(request, answer)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for faults this house knows; anything else goes on to Django's handler500."""
        if isinstance(fault, Fault):
            return faultpages.refusal(request, fault.status, fault.message)
        if isinstance(fault, PermissionDenied):
            return faultpages.refusal(request, 403, str(fault))
        if isinstance(fault, OperationalError):
            return tired_database(request, fault)
        return None


def tired_database(request: HttpRequest, fault: OperationalError) -> HttpResponse | None:
    """507 for a full disk, 503 with Retry-After for a busy database, None for anything else."""
    words = str(fault).lower()
    if any(sign in words for sign in FULL):
        log.critical("storage full: %s", fault)
        return faultpages.refusal(
            request, 507, _("服务器存储空间已满，这次的修改没有保存。请联系系统管理员。")
        )
    if any(sign in words for sign in BUSY):
        log.warning("database busy: %s", fault)
        answer = faultpages.refusal(request, 503, _("系统正忙，这次的修改没有保存。请稍候几秒再试一次。"))
        answer["Retry-After"] = "5"
        return answer
    return None


def sign_in_again(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Send the whole page, not the swapped part, to the sign-in when a session ended under htmx."""
    sign_in = resolve_url(settings.LOGIN_URL)
    if answer.status_code != 302 or not getattr(request, "htmx", None):
        return answer
    if not answer["Location"].startswith(sign_in):
        return answer
    place = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined] # set by HtmxMiddleware
    moved = HttpResponse(status=204)
    moved["HX-Redirect"] = redirect_to_login(place, sign_in)["Location"]
    return moved
