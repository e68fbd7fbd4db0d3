"""What every answer of the real server carries, whatever is asked and whatever fails."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from keyuan.kernel import files
from keyuan.kernel.access import public
from keyuan.training import feeds
from tests.faults import serving
from tests.faults.ground import Ground

INLINE = re.compile(
    r"<script(?![^>]*\b(?:src=|type=.application/json))[^>]*>(?!\s*</script>)|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|<style",
    re.IGNORECASE,
)


@pytest.mark.slow
def test_every_answer_of_the_server_carries_the_policy_and_nothing_inline(
    open_ground: Ground, served: serving.Server
) -> None:
    ground = open_ground
    office = serving.signed_in(served, ground.registrars[0])
    liaison = serving.signed_in(served, ground.liaison)
    stranger = serving.Person(served, {})
    kept = files.keep(
        ground.office,
        "training.TrainingClass",
        ground.held.pk,
        b"%PDF-1.7\n%%EOF",
        kinds=("pdf",),
        name="通知.pdf",
    )
    style = re.search(r'href="(/static/[^"]+\.css)"', stranger.get("/accounts/login/").text)
    assert style is not None
    held = f"/classes/{ground.held.pk}"
    answers = {
        "front": (stranger.get("/"), {200, 302}),
        "sign-in": (stranger.get("/accounts/login/"), {200}),
        "closed": (stranger.get(held + "/"), {302}),
        "home": (office.get("/home/"), {200}),
        "class": (office.get(held + "/"), {200}),
        "nominate": (office.get(held + "/nominate/"), {200}),
        "refused": (office.post(held + "/move/", {"move": "close"}), {422}),
        "not allowed": (liaison.get(held + "/nominations/"), {403}),
        "not found": (office.get("/classes/999999/"), {404}),
        "no such page": (stranger.get("/never/there"), {302, 404}),
        "wrong method": (office.get(held + "/close/"), {405}),
        "no key": (serving.Person(served, {k: v for k, v in office.cookies.items() if k != "csrftoken"}).post(held + "/close/", {}), {403}),
        "wrong host": (served.ask("GET", "/", cookies={}, Host="evil.example"), {400}),
        "file": (office.get(f"/files/{kept.pk}/"), {200}),
        "sheet": (office.get(held + "/nominate/template/"), {200}),
        "calendar": (stranger.get(f"/calendar/{feeds.token_of(ground.people[0].pk)}.ics"), {200}),
        "calendar forged": (stranger.get("/calendar/forged.ics"), {404, 422, 403, 410}),
        "static": (stranger.get(style[1]), {200}),
        "static missing": (stranger.get("/static/none.css"), {404, 302}),
    }  # fmt: skip
    for name, (answer, expected) in answers.items():
        assert answer.status in expected, (name, answer.status)
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert answer.headers["x-content-type-options"] == "nosniff", name
        if "text/html" in answer.headers.get("content-type", ""):
            assert not INLINE.search(answer.text), (name, INLINE.search(answer.text))
            assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!127\.0\.0\.1)", answer.text), name


@public
def _broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("broken/", _broken)]
handler500 = "keyuan.kernel.views.server_error"


@pytest.mark.urls("tests.faults.test_headers")
def test_a_program_error_carries_the_policy_too() -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not INLINE.search(answer.text)
    assert "ZeroDivisionError" not in answer.text
