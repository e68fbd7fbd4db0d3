"""Screens that belong to no room: preferences, the kit of components, and the pages for faults."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import access, faultpages, kit
from keyuan.kernel.access import actor_of
from keyuan.kernel.pages import page
from keyuan.kernel.templating import THEMES

log = logging.getLogger("keyuan.views")
YEAR = 365 * 24 * 3600


@access.public
@require_POST
def preferences(request: HttpRequest) -> HttpResponseRedirect:
    """Keep colours, type size and language in cookies of this browser, and go back to where one was."""
    place = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure()):
        place = "/"
    answer = HttpResponseRedirect(place)
    kept = {
        "theme": (request.POST.get("theme"), THEMES),
        "type": (request.POST.get("type"), ("normal", "big")),
        settings.LANGUAGE_COOKIE_NAME: (
            request.POST.get("language"),
            [code for code, _n in settings.LANGUAGES],
        ),
    }
    for name, (value, allowed) in kept.items():
        if value is not None and value in allowed:
            answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return answer


def kit_page(request: HttpRequest) -> HttpResponse:
    """Every component in every state; open to all where nothing is real, else to system administrators."""
    if not (settings.DEMO or settings.DEBUG or "system_admin" in actor_of(request).roles):
        raise access.Forbidden(_("组件样张只对系统管理员开放。"))
    form = kit.SampleForm(request.POST or None, request.FILES or None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return page(request, "kernel/kit.html", form=form, **kit.samples(request), status=status)


kit_page = access.public(kit_page) if settings.DEMO or settings.DEBUG else access.signed_in(kit_page)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's key has expired, mostly after signing in again elsewhere; what was typed is kept by the browser."""
    log.warning("csrf refused at %s: %s", request.path, reason)
    said = _(
        "页面放置太久或您在别处重新登录过，这次没有提交。请返回上一页刷新后再提交；长表单中填写的内容会自动恢复。"
    )
    return faultpages.refusal(request, 403, said, _("页面已过期"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return faultpages.refusal(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return faultpages.refusal(request, 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the same words whether the thing is absent or merely hidden from this seat."""
    return faultpages.refusal(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; drawn without the frame, since the frame may be what failed."""
    return faultpages.bare(500)
