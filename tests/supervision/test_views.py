"""The screens as their users meet them: what they show, refuse and hand out."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import batches
from keyuan.supervision.models import Evidence, Item
from tests.supervision.conftest import PROOF, Floor, again

Signed = Callable[[Any], Client]


@pytest.fixture
def office(floor: Floor, client_for: Signed) -> Client:
    return client_for(floor.academy.seats["registrar"])


@pytest.fixture
def owner(floor: Floor, client_for: Signed) -> Client:
    return client_for(floor.academy.seats["liaison"])


def said(client: Client, path: str, **params: str) -> str:
    answer = client.get(path, params)
    assert answer.status_code == 200, path
    return answer.content.decode()


def meeting(floor: Floor, *lines: dict[str, str], act: str = "issue") -> dict[str, str]:
    typed = {
        "kind": "meeting", "source_title": "演示第3次会议", "source_number": "演示纪要〔2031〕3号", "report_every": "7",
        "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "0", "act": act,
    }  # fmt: skip
    for n, line in enumerate(lines):
        typed |= {f"lines-{n}-{key}": value for key, value in {"importance": "normal", **line}.items()}
    for n in range(len(lines), 3):
        typed[f"lines-{n}-importance"] = "normal"
    return typed


def test_the_items_of_a_meeting_are_typed_at_once_and_wrong_names_come_back_with_what_was_typed(
    floor: Floor, office: Client
) -> None:
    unit, soon = floor.academy.units[0].name, f"{timezone.localdate() + timedelta(days=9)}"
    first = {
        "title": "演示印发计划",
        "owner": unit,
        "deadline": soon,
        "co_owners": floor.academy.units[1].name,
    }
    wrong = office.post(
        "/supervision/new/",
        meeting(floor, first, {"title": "演示二", "owner": "没有的单位", "deadline": soon}),
    )
    assert wrong.status_code == 422
    assert "没有这个单位" in wrong.content.decode()
    assert "演示印发计划" in wrong.content.decode()
    assert not Item.objects.exists()
    second = {"title": "演示二", "owner": floor.academy.department.name, "deadline": soon}
    done = office.post("/supervision/new/", meeting(floor, first, second), follow=True)
    assert "已立项交办 2 项" in done.content.decode()
    found = list(Item.objects.order_by("seq").values_list("title", "state", "report_every", "source_number"))
    assert found == [(t, "issued", 7, "演示纪要〔2031〕3号") for t in ("演示印发计划", "演示二")]


def test_a_longer_form_keeps_what_was_typed_and_its_blank_lines_are_passed_over(
    floor: Floor, office: Client
) -> None:
    soon = f"{timezone.localdate() + timedelta(days=9)}"
    first = {"title": "演示只写了题目", "importance": "urgent"}
    longer = office.post("/supervision/new/", meeting(floor, first, act="more"))
    text = longer.content.decode()
    assert longer.status_code == 200
    assert "演示只写了题目" in text
    assert 'value="演示第3次会议"' in text
    assert "error-list" not in text
    assert 'name="lines-7-title"' in text
    assert 'name="lines-TOTAL_FORMS" value="8"' in text
    assert not Item.objects.exists()
    whole = {**first, "owner": floor.academy.department.name, "deadline": soon}
    blank = [{"importance": "normal"}] * 6
    sent = meeting(floor, blank[0], whole, *blank) | {"lines-TOTAL_FORMS": "8"}
    assert "已立项交办" in office.post("/supervision/new/", sent, follow=True).content.decode()
    assert Item.objects.get().importance == "urgent"


def test_the_list_of_a_meeting_comes_in_as_a_sheet_and_is_issued_together(
    floor: Floor, office: Client
) -> None:
    assert office.get("/supervision/import/template/").content[:2] == b"PK"
    head = ("督办事项", "责任单位", "办结期限", "重要程度", "会议或文件名称")
    book = openpyxl.Workbook()
    page = book.active
    page.append(head)
    due = f"{timezone.localdate() + timedelta(days=20)}"
    page.append(("演示甲事", floor.academy.units[0].name, due, "紧急", "演示会"))
    page.append(("演示乙事", "没有的单位", due, "", ""))
    out = BytesIO()
    book.save(out)
    sent = office.post(
        "/supervision/import/", {"file": SimpleUploadedFile("演示.xlsx", out.getvalue())}, follow=True
    )
    batch = sent.redirect_chain[-1][0]
    assert "没有这个单位" in sent.content.decode()
    stored = Batch.objects.get(pk=int(batch.strip("/").split("/")[-1]))
    batches.confirm(floor.office, batch=stored)
    batches.apply_rows(floor.office, batch=stored)
    one = Item.objects.get()
    assert (one.title, one.importance, one.state) == ("演示甲事", "urgent", "draft")
    office.post("/supervision/bulk/", {"act": "issue", "pk": [one.pk]})
    assert again(one).state == "issued"


def test_an_owner_takes_an_item_through_its_page_and_another_verifies_it(
    floor: Floor, owner: Client, client_for: Signed
) -> None:
    one = floor.item("issued")
    page = f"/supervision/{one.pk}/"
    assert "签收" in said(owner, page)
    owner.post(f"{page}move/", {"move": "receive"})
    refused = owner.post(f"{page}report/", {"stage": "running", "text": ""})
    assert refused.status_code == 422
    file = SimpleUploadedFile(PROOF[0], PROOF[1], "application/pdf")
    owner.post(f"{page}report/", {"stage": "running", "text": "演示进展一", "files": [file]})
    assert owner.post(f"{page}evidence/", {"title": ""}).status_code == 422
    proof = SimpleUploadedFile(PROOF[0], PROOF[1], "application/pdf")
    owner.post(f"{page}evidence/", {"title": "演示证明", "file": proof})
    assert "演示进展一" in said(owner, page)
    stored = Evidence.objects.get(item=one).file_id
    assert b"".join(owner.get(f"/files/{stored}/").streaming_content) == PROOF[1]
    stranger = client_for(floor.academy.seats["liaison2"])
    assert stranger.get(f"/files/{stored}/").status_code == 404
    assert stranger.get(page).status_code == 404
    assert "演示事项" not in said(stranger, "/supervision/")
    later = f"{one.deadline + timedelta(days=3)}"
    owner.post(f"{page}postpone/", {"until": later, "reason": "演示原因", "act": "ask"})
    leader = client_for(floor.academy.seats["leader"])
    asked = again(one).postponements.get()
    leader.post(f"/supervision/postponements/{asked.pk}/", {"act": "grant"})
    owner.post(f"{page}move/", {"move": "submit"})
    assert leader.post(f"{page}verify/", {"verdict": "return"}).status_code == 422
    leader.post(f"{page}verify/", {"verdict": "close", "note": "演示属实"})
    one = again(one)
    assert (one.state, f"{one.deadline}") == ("closed", later)
    shown = said(leader, page)
    assert all(word in shown for word in ("核验销号", "演示证明", "延期记录", "演示属实"))


def test_the_board_narrows_sorts_counts_and_gives_out_the_ledger(floor: Floor, office: Client) -> None:
    today = timezone.localdate()
    late = floor.dated(
        floor.item("running", title="演示晚事"),
        issued=today - timedelta(days=30),
        deadline=today - timedelta(days=2),
    )
    floor.item("closed", title="演示成事")
    floor.item("issued", title="演示新事", importance="urgent")
    shown = said(office, "/supervision/")
    assert "红灯·超期" in shown
    assert "演示晚事" in said(office, "/supervision/", light="red")
    assert "演示新事" not in said(office, "/supervision/", light="red")
    assert "演示成事" not in said(office, "/supervision/", state="open", sort="-deadline")
    assert "没有符合条件" in said(office, "/supervision/", q="无此事")
    assert "演示晚事" in said(office, "/supervision/", q=floor.academy.units[0].name[:4], until=str(today))
    assert "没有符合条件" in said(office, "/supervision/", whose="mine", kind="meeting")
    book = openpyxl.load_workbook(BytesIO(office.get("/supervision/export/?state=open").content))
    cells = {str(cell) for row in book.active.iter_rows(values_only=True) for cell in row}
    assert {"演示晚事", "演示新事", "红灯·超期", late.number} <= cells
    assert "演示成事" not in cells
    assert office.get("/supervision/ledger/").content.startswith(b"%PDF")
    urged = office.post("/supervision/bulk/", {"act": "remind", "pk": [late.pk]}, follow=True)
    assert "已催办 1 项" in urged.content.decode()
    assert office.post("/supervision/bulk/", {"act": "remind"}).status_code == 422


def test_the_ladder_is_laid_down_by_the_office_alone(floor: Floor, office: Client, owner: Client) -> None:
    assert owner.get("/supervision/ladder/").status_code == 403
    assert "校领导" in said(office, "/supervision/ladder/")
    typed = {
        "since": "2031-01-01", "basis": "演示办法", "rungs-TOTAL_FORMS": "2", "rungs-INITIAL_FORMS": "0",
        "rungs-0-days": "-5", "rungs-0-to": "owner", "rungs-1-days": "-5", "rungs-1-to": "head",
    }  # fmt: skip
    assert office.post("/supervision/ladder/", typed).status_code == 422
    office.post("/supervision/ladder/", typed | {"rungs-1-days": "2"})
    assert "演示办法" in said(office, "/supervision/ladder/")
