"""Lists out and typed lists in: what was exported is read again, bad rows come back with their reasons."""

from io import BytesIO
from pathlib import Path

import openpyxl

from keyuan.kernel import batchjobs
from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import batches
from keyuan.kernel.worker import Worker
from keyuan.logistics.actions import answering, arranging, grouping, lodging
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import Group, Stay
from keyuan.logistics.sheets import outgoing
from tests.kernel.sheet_files import workbook
from tests.logistics.conftest import Ground


def taken_in(ground: Ground, purpose: str, path: Path) -> Batch:
    batch = batches.receive(
        ground.academy.registrar, purpose=purpose, upload=path, context={"class": ground.klass.pk}
    )
    batchjobs.confirm_and_start(ground.academy.registrar, batch=batch)
    worker = Worker()
    while worker.run_one():
        continue
    batch.refresh_from_db()
    return batch


def cells(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert page is not None
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


def test_an_exported_grouping_goes_in_again_as_it_was(ground: Ground, tmp_path: Path) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    grouping.propose_groups(actor, training_class=klass, count=3)
    before = [row.group for row in ground.again()]
    path = tmp_path / "groups.xlsx"
    path.write_bytes(outgoing.group_file(actor, klass))
    grouping.move_members(actor, training_class=klass, ids=ground.ids(*range(8)), number=1)
    batch = taken_in(ground, "logistics.groups", path)
    assert batch.rows.filter(state="applied").count() == 8
    assert [row.group for row in ground.again()] == before


def test_a_typed_grouping_makes_the_groups_it_needs_and_says_what_is_wrong(
    ground: Ground, tmp_path: Path
) -> None:
    names = [row.person.name for row in ground.rows]
    rows = [[names[0], "1"], [names[1], "4"], ["查无此人", "1"], [names[1], "2"], [names[2], "九"]]
    batch = taken_in(ground, "logistics.groups", workbook(tmp_path / "a.xlsx", [["姓名", "组别"], *rows]))
    assert [row.group for row in ground.again()[:3]] == [1, 4, None]
    assert Group.objects.count() == 4
    codes = [
        {fault["code"] for fault in row.faults}
        for row in batch.rows.filter(is_bad=True).order_by("sheet_row")
    ]
    assert codes[:2] == [{"not_in_class"}, {"twice"}]
    assert len(codes) == 3


def test_a_typed_lodging_list_fills_rooms_and_refuses_what_does_not_fit(
    ground: Ground, tmp_path: Path
) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    lodging.add_rooms(actor, training_class=klass, rooms=[RoomFacts("301"), RoomFacts("302")])
    men = [row for row in ground.rows if row.person.sex == "男"]
    women = [row for row in ground.rows if row.person.sex == "女"]
    rows = [[men[0].person.name, "301"], [women[0].person.name, "301"], [men[1].person.name, "999"]]
    batch = taken_in(ground, "logistics.rooms", workbook(tmp_path / "a.xlsx", [["姓名", "房号"], *rows]))
    assert [stay.nomination_id for stay in Stay.objects.all()] == [men[0].pk]
    refused = batch.rows.get(state="refused")
    assert "男女不能同住" in refused.faults[-1]["message"]
    assert batch.rows.get(is_bad=True).faults[0]["code"] == "no_room"
    again = tmp_path / "again.xlsx"
    again.write_bytes(outgoing.room_file(actor, klass))
    lodging.move_guests(actor, training_class=klass, ids=[men[0].pk], room_id=None)
    taken_in(ground, "logistics.rooms", again)
    assert Stay.objects.get().room.number == "301"


def test_the_list_for_kitchen_and_hotel_says_nothing_of_the_branch(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True, "asks_branch": True})
    answering.answer(actor, nomination=ground.rows[0], facts=AnswerFacts(diet="素食", branch="yes"))
    answering.answer(actor, nomination=ground.rows[1], facts=AnswerFacts(branch="yes"))
    rows = cells(outgoing.needs_file(actor, klass))
    text = str(rows)
    assert "素食" in text
    assert ground.rows[1].person.name not in text
    assert "支部" not in text
