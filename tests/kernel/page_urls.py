"""Addresses for the tests of pages: all real ones, since the menu names them, and views that fail on purpose."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from keyuan.kernel.access import public
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.kit import SampleForm, samples
from keyuan.kernel.pages import basis, page, templates
from keyuan.orgs.models import School
from keyuan.people.models import Account, Person

FAULTS = {
    "fault": Fault("名额已满，请先增加名额。"),
    "conflict": Conflict("别人刚刚办理过。"),
    "denied": PermissionDenied("您当前的身份没有“录取”的权限。"),
    "full": OperationalError("database or disk is full"),
    "locked": OperationalError("database is locked"),
    "other": OperationalError("no such table: x"),
}


def account(email: str, *, is_active: bool = True) -> Account:
    """An account with the person it needs."""
    school, _made = School.objects.get_or_create(code="t", defaults={"name": "测试校区"})
    person = Person.objects.create(school=school, name="演示甲")
    return Account.objects.create_user(email=email, person=person, is_active=is_active)


class NoteForm(forms.Form):
    """A form long enough to be lost."""

    title = forms.CharField(label="标题")
    text = forms.CharField(label="内容", widget=forms.Textarea, required=False)
    code = forms.CharField(label="口令", widget=forms.PasswordInput, required=False)


@public
def fails(request: HttpRequest, name: str) -> HttpResponse:
    raise FAULTS[name]


@public
def part(request: HttpRequest) -> HttpResponse:
    return page(request, "kernel/kit.html", part="rows", form=SampleForm(), **samples(request))


def said(request: HttpRequest, body: str, status: int = 200, **context: object) -> HttpResponse:
    """A page whose main part is written here."""
    whole = '{% extends "kernel/base.html" %}{% block main %}' + body + "{% endblock %}"
    return HttpResponse(templates().from_string(whole).render(basis(request) | context), status=status)


@public
def login(request: HttpRequest) -> HttpResponse:
    """Stands in for the sign-in."""
    return said(request, "<h1>登录</h1>")


def note(request: HttpRequest) -> HttpResponse:
    """A long form and the page after it."""
    form = NoteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        return said(request, "<h1>已保存</h1>")
    body = '{% call ui.form(keep="note") %}{{ ui.errors(form) }}{{ ui.fields(form) }}{{ ui.submit("保存") }}{% endcall %}'
    return said(request, body, 422 if form.errors else 200, form=form)


urlpatterns = [
    path("", include("keyuan.project.urls")),
    path("fails/<str:name>/", fails),
    path("part/", part),
    path("login/", login, name="account_login"),
    path("note/", note),
]
handler400 = "keyuan.kernel.views.bad_request"
handler403 = "keyuan.kernel.views.forbidden"
handler404 = "keyuan.kernel.views.not_found"
handler500 = "keyuan.kernel.views.server_error"
