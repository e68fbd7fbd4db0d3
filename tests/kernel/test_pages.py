"""The page mechanism: wholes and parts, lists, faults, preferences, formats, the menu."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from jinja2 import UndefinedError

from keyuan.kernel import navigation, pages, templating
from keyuan.kernel.access import ANONYMOUS, Actor
from keyuan.kernel.kit import SampleForm
from keyuan.people.models import Account
from tests.kernel.page_urls import account

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.page_urls")]
HTMX = {"HX-Request": "true"}


def request(rf: RequestFactory, query: str = "", **headers: str) -> WSGIRequest:
    made = rf.get(f"/x/{query}", headers=headers)
    made.actor = ANONYMOUS
    made.user = SimpleNamespace(is_authenticated=False, pk=None)
    made._messages = []
    return made


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("fault", 422, "名额已满，请先增加名额。"),
        ("conflict", 409, "别人刚刚办理过。"),
        ("denied", 403, "您当前的身份没有“录取”的权限。"),
        ("full", 507, "服务器存储空间已满"),
        ("locked", 503, "系统正忙"),
    ],
)
def test_a_known_fault_becomes_a_page_that_says_so(client: Client, name: str, status: int, words: str):
    answer = client.get(f"/fails/{name}/")
    assert answer.status_code == status
    assert words in answer.text
    assert "<header" in answer.text


def test_a_fault_in_a_part_becomes_a_toast_and_leaves_the_page_alone(client: Client):
    answer = client.get("/fails/fault/", headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.text


def test_an_unknown_database_fault_is_a_500_without_the_frame(client: Client):
    client.raise_request_exception = False
    answer = client.get("/fails/other/")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "no such table" not in answer.text


def test_a_missing_page_is_a_designed_404(client: Client):
    writer = account("u1@example.org")
    client.force_login(writer, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_a_session_that_ended_sends_the_whole_page_to_the_sign_in(client: Client):
    answer = client.get("/note/", headers=HTMX | {"HX-Current-URL": "http://testserver/note/?a=1"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/login/?next=/note/%3Fa%3D1"


def test_a_form_without_its_key_is_refused_with_advice():
    answer = Client(enforce_csrf_checks=True).post("/preferences/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "自动恢复" in answer.text


def test_every_answer_carries_the_policy_and_no_inline_code(client: Client):
    for path in ("/part/", "/fails/fault/", "/nowhere/"):
        answer = client.get(path)
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
        assert "<script>" not in answer.text


def test_htmx_gets_the_part_and_a_plain_visit_the_whole(client: Client):
    whole, part = client.get("/part/"), client.get("/part/", headers=HTMX)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert 'id="kit-table"' in part.text
    assert "HX-Request" in whole["Vary"]


def test_preferences_are_kept_in_cookies_and_return_home_from_foreign_addresses(client: Client):
    answer = client.post("/preferences/", {"theme": "dark", "type": "big", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == "dark"
    assert 'class="theme-dark big"' in client.get("/part/").text
    assert "theme" not in client.post("/preferences/", {"theme": "pink"}).cookies
    assert client.get("/preferences/").status_code == 405


def test_the_kit_is_closed_outside_demonstrations(client: Client):
    assert client.get("/kit/").status_code == 302


def test_a_list_searches_filters_sorts_and_turns_pages(rf: RequestFactory):
    for number in range(7):
        account(f"name{number}@example.org", is_active=number % 2 == 0)
    found = pages.listing(
        request(rf, "?q=name&active=1&sort=-name&page=9"), Account.objects.all(),
        search=lambda rows, q: rows.filter(email__contains=q), filters={"active": "is_active"},
        sorts={"name": "email"}, per=3,
    )  # fmt: skip
    assert found.total == 4
    assert [row.email for row in found.rows] == ["name0@example.org"]
    assert found.direction("name") == "descending"
    assert found.link(page=2) == "?q=name&sort=-name&active=1&page=2"
    assert found.sort_link("name") == "?q=name&sort=name&active=1"
    assert found.is_narrowed


def test_a_filter_value_that_cannot_be_read_finds_nothing(rf: RequestFactory):
    account("one@example.org")
    found = pages.listing(request(rf, "?pk=abc&sort=evil"), Account.objects.all(), filters={"pk": "pk"})
    assert found.total == 0
    assert found.sort == ""


def test_a_name_missing_from_the_context_is_an_error(rf: RequestFactory):
    with pytest.raises(UndefinedError):
        pages.templates().from_string("{{ nobody }}").render(pages.basis(request(rf)))


def test_what_people_write_is_escaped(rf: RequestFactory):
    text = (
        pages.templates()
        .from_string("{{ ui.person(name) }}")
        .render(pages.basis(request(rf)) | {"name": "<b>"})
    )
    assert "&lt;b&gt;" in text


def test_dates_numbers_and_masks_read_as_chinese_offices_write_them():
    moment = datetime(2020, 3, 1, 6, 30, tzinfo=UTC)
    assert templating.date_time(moment) == "2020年3月1日 14:30"
    assert templating.short_date(date(2020, 3, 1)) == "3月1日 周日"
    assert templating.span(date(2020, 3, 30), date(2020, 4, 2)) == "2020年3月30日—4月2日"
    assert templating.span(date(2020, 3, 1), date(2020, 3, 5)) == "2020年3月1日—5日"
    assert templating.span(date(2020, 12, 31), date(2021, 1, 2)) == "2020年12月31日—2021年1月2日"
    assert templating.hours(Decimal("7.50")) == "7.5学时"
    assert templating.plain_number(Decimal(100)) == "100"
    assert templating.money(Decimal(1200)) == "¥1,200.00"
    assert templating.mask("440106199001011234") == "440***********1234"
    assert templating.mask("张三丰", "name") == "张**"
    assert templating.file_size(5 * 1024 * 1024) == "5.0 MB"
    assert templating.iso(moment).startswith("2020-03-01T14:30")


@pytest.mark.parametrize("form", [templating.long_date, templating.short_date, templating.clock, templating.hours,
                                  templating.money, templating.percent, templating.mask, templating.file_size])  # fmt: skip
def test_what_is_absent_is_a_dash(form: Callable[[None], str]):
    assert form(None) == "—"


def test_the_menu_shows_what_the_seat_may_use_and_marks_where_one_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(navigation, "ENTRIES", {})
    monkeypatch.setattr(navigation, "COUNTERS", {})
    navigation.entry("样张", "kernel:kit", roles=("registrar",), order=1)(lambda: None)
    navigation.entry("登录", "account_login", public=True)
    navigation.counter("kernel:kit")(lambda _actor: 3)
    registrar = Actor(1, 1, None, frozenset({"registrar"}))
    links = navigation.links_for(registrar, "/kit/?a=1")
    assert [(link.title, link.current, link.count) for link in links] == [
        ("样张", True, 3),
        ("登录", False, 0),
    ]
    assert [link.title for link in navigation.links_for(ANONYMOUS, "/")] == ["登录"]
    assert navigation.count("inbox", registrar) == 0


def test_a_qr_code_is_drawn_inline_and_names_itself():
    drawn = templating.qr("https://example.org/v/1", label="扫码<核验>")
    assert drawn.startswith("<svg")
    assert "扫码&lt;核验&gt;" in drawn
    assert "style=" not in drawn


def test_every_state_of_a_refused_field_is_told_to_readers(rf: RequestFactory):
    form = SampleForm({"title": "x" * 41})
    text = (
        pages.templates()
        .from_string("{{ ui.errors(form) }}{{ ui.fields(form) }}")
        .render(pages.basis(request(rf)) | {"form": form})
    )
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_title_help id_title_error"' in text
    assert 'href="#id_title"' in text
