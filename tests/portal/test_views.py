"""What anybody may open, and what nobody can find out there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from keyuan.credits.actions import CertificateFacts, issue_next, request_certificates, revoke
from keyuan.credits.models import Certificate
from keyuan.kernel.models import IssuedPaper
from keyuan.portal import rules
from tests.credits.conftest import World, build

OWNER = {"owner_label": "training.TrainingClass", "owner_id": 7}


@pytest.fixture
def world(db: None) -> World:
    return build()


def paper_of(world: World, number: int = 0) -> IssuedPaper:
    person = world.people[number]
    row = CertificateFacts(
        person.pk, person.name, "科协系统干部培训班", Decimal(24), date(2020, 10, 26), date(2020, 10, 30)
    )
    request_certificates(world.registrar, rows=[row], **OWNER)
    certificate = issue_next(world.registrar, **OWNER)
    assert certificate is not None
    return IssuedPaper.objects.get(pk=certificate.paper_id)


def look_up(client: Client, number: str, name: str) -> Any:
    return client.post("/verify/", {"number": number, "name": name})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/about/", "/privacy/", "/accessibility/", "/robots.txt", "/verify/"])
def test_public_pages_need_no_sign_in_and_set_no_session(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_a_qr_code_shows_what_the_certificate_shows_and_nothing_more(client: Client, world: World) -> None:
    paper = paper_of(world)
    text = client.get(f"/verify/{paper.verify_code}/").content.decode()
    for word in (
        "有效",
        "演示学员0",
        "科协系统干部培训班",
        "24学时",
        "2020年10月26日—30日",
        paper.number,
        "省科协党校",
    ):
        assert word in text
    assert str(world.people[0].pk) + "/" not in text


def test_a_revoked_certificate_says_so_and_keeps_its_reason_to_itself(client: Client, world: World) -> None:
    paper = paper_of(world)
    revoke(world.registrar, certificate=Certificate.objects.get(), reason="冒名顶替")
    text = client.get(f"/verify/{paper.verify_code}/").content.decode()
    assert "已作废" in text
    assert paper.number in text
    assert "冒名顶替" not in text
    assert "演示学员0" not in text


def test_number_and_name_together_find_a_certificate_however_they_are_typed(
    client: Client, world: World
) -> None:
    paper = paper_of(world)
    typed = paper.number.replace("〔", "(").replace("〕", " ) ")
    assert "有效" in look_up(client, typed, " 演示 学员0").content.decode()


def test_a_wrong_name_an_unknown_number_and_an_unknown_code_look_alike(client: Client, world: World) -> None:
    paper = paper_of(world)
    other = paper_of(world, 1)
    asked = [
        look_up(client, paper.number, other.holder_name),
        look_up(client, paper.number.replace("00001", "00009"), paper.holder_name),
        look_up(client, paper.number, "*"),
        look_up(client, "%", "%"),
        client.get(f"/verify/{paper.verify_code[:-1]}/"),
        client.get("/verify/AAAAAAAAAAAAAA/"),
        client.get("/verify/' OR 1=1 --/"),
    ]
    assert {answer.status_code for answer in asked} == {200}
    bodies = {_without_what_varies(answer.content.decode()) for answer in asked}
    assert len(bodies) == 1
    assert "查无此证" in bodies.pop()


def _without_what_varies(text: str) -> str:
    import re

    text = re.sub(r"核验时间：[^<]*", "", text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r'name="next" value="[^"]*"', "", text)


def test_neither_number_nor_name_alone_is_enough(client: Client, world: World) -> None:
    paper = paper_of(world)
    for number, name in ((paper.number, ""), ("", paper.holder_name)):
        answer = look_up(client, number, name)
        assert answer.status_code == 422
        assert "请填写" in answer.content.decode()


def test_what_was_typed_is_kept_when_the_form_is_at_fault(client: Client, world: World) -> None:
    assert 'value="粤科协培〔2020〕第1号"' in look_up(client, "粤科协培〔2020〕第1号", "").content.decode()


def test_an_address_may_ask_so_often_and_no_more(client: Client, world: World) -> None:
    paper = paper_of(world)
    answers = [look_up(client, paper.number, "某人").status_code for _ in range(rules.LOOKUPS + 1)]
    assert answers == [200] * rules.LOOKUPS + [429]
    assert look_up(client, paper.number, paper.holder_name).status_code == 429
    assert client.get(f"/verify/{paper.verify_code}/").status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.get(f"/verify/{paper.verify_code}/").status_code == 200


def test_scanning_valid_codes_is_not_counted(client: Client, world: World) -> None:
    paper = paper_of(world)
    for _ in range(rules.LOOKUPS + 5):
        assert client.get(f"/verify/{paper.verify_code}/").status_code == 200


def test_verification_pages_are_neither_stored_nor_listed(client: Client, world: World) -> None:
    paper = paper_of(world)
    for answer in (
        client.get("/verify/"),
        client.get(f"/verify/{paper.verify_code}/"),
        look_up(client, "1", "2"),
    ):
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Disallow: /" in client.get("/robots.txt").content.decode()


def test_a_forged_forwarding_header_does_not_reset_the_count(client: Client, world: World) -> None:
    for turn in range(rules.LOOKUPS):
        client.post(
            "/verify/", {"number": "1", "name": "2"}, headers={"X-Forwarded-For": f"203.0.113.{turn}"}
        )
    answer = client.post(
        "/verify/", {"number": "1", "name": "2"}, headers={"X-Forwarded-For": "203.0.113.99"}
    )
    assert answer.status_code == 429


def test_the_privacy_notice_says_what_is_never_recorded(client: Client) -> None:
    text = client.get("/privacy/").content.decode()
    assert "宗教信仰" in text
    assert "第四十七条" in text
