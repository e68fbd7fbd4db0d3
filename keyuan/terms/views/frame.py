"""What the forms of this room share: one page, one way to answer a refusal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import Organisation


def kept(request: HttpRequest, pk: int) -> Organisation:
    """The organisation, of which the actor keeps the terms; else 404 or 403."""
    one = get_object_or_404(visible(actor_of(request), Organisation), pk=pk)
    require(actor_of(request), "terms.keep", one)
    return one


def answered(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], *, back: str, done: str, **words: Any
) -> HttpResponse:
    """Act on a valid form and go back; what a rule refuses stands beside its field, with what was typed kept."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"lead": "", "submit": _("保存"), "crumbs": [], **words}
    return page(
        request, "terms/form.html", form=form, back=back, status=422 if form.is_bound else 200, **context
    )
