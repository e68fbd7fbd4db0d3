"""Keeping and dropping named filters; both lead back to the list they belong to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import saved
from keyuan.kernel.access import actor_of, signed_in, visible
from keyuan.kernel.models import SavedView


def _back(request: HttpRequest) -> HttpResponse:
    place = request.POST.get("next", "/")
    return redirect(place if url_has_allowed_host_and_scheme(place, None) else "/")


@require_POST
@signed_in
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list's filter under a name."""
    given = {key: request.POST.get(key, "") for key in ("page", "name", "query")}
    view = saved.save(actor_of(request), **given)
    messages.success(request, _("已存为常用筛选“%(name)s”。") % {"name": view.name})
    return _back(request)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one of one's own."""
    actor = actor_of(request)
    view = get_object_or_404(visible(actor, SavedView), pk=pk)
    saved.remove(actor, view=view)
    messages.success(request, _("已移除常用筛选“%(name)s”。") % {"name": view.name})
    return _back(request)
