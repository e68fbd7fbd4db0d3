from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from keyuan.kernel import access, bulk
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry, Batch, BatchRow
from keyuan.kernel.sheet import CellFault, Row, batches, mending
from tests.kernel.sheet_files import SIMPLE, grid_of, workbook

pytestmark = pytest.mark.django_db
SENDER = Actor(1, 1, None, frozenset({"liaison"}))
OTHER = Actor(2, 1, None, frozenset({"liaison"}))


class Taking:
    """A room that remembers whom it took and can be told to refuse or to die."""

    taken: list[str] = []
    dies_at = ""

    def thing(self, context: Mapping[str, Any]) -> None:
        return None

    def judge(
        self, actor: Actor, context: Mapping[str, Any], rows: Sequence[Row]
    ) -> dict[int, list[CellFault]]:
        return {
            row.number: [CellFault("姓名", "known", "已报名。", "room")]
            for row in rows
            if row.values.get("name") == "已报"
        }

    def prepare(self, actor: Actor, context: Mapping[str, Any], rows: Sequence[Row]) -> Sequence[Row]:
        return rows

    def apply(
        self, actor: Actor, context: Mapping[str, Any], rows: Sequence[Row]
    ) -> dict[int, batches.Outcome]:
        def act(row: Row) -> int:
            if row.values["name"] == self.dies_at:
                raise KeyboardInterrupt
            if row.values["name"] == "拒":
                raise Fault("名额已满。")
            Taking.taken.append(row.values["name"])
            return row.number

        return batches.one_by_one(rows, act)


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> Taking:
    monkeypatch.setitem(
        access.RULES,
        "test.take",
        access.Rule("test.take", "试验", ("liaison",), lambda _actor, _thing: True, ""),
    )
    taking = Taking()
    Taking.taken = []
    monkeypatch.setitem(
        batches.PURPOSES, "test.take", batches.Purpose("test.take", SIMPLE, "test.take", taking)
    )
    monkeypatch.setattr(bulk, "pause", lambda *_seconds: None)
    return taking


def sent(tmp_path: Path, *people: list[str]) -> Batch:
    path = workbook(tmp_path / "r.xlsx", [["姓名", "手机"], *people])
    return batches.receive(SENDER, purpose="test.take", upload=path, context={"class": 7})


def test_good_rows_go_in_once_and_bad_ones_come_back(tmp_path: Path) -> None:
    batch = sent(tmp_path, ["甲", "19900000001"], ["乙", "123"], ["拒", "19900000003"], ["已报", ""])
    assert (
        batches.receive(SENDER, purpose="test.take", upload=tmp_path / "r.xlsx", context={"class": 7})
        == batch
    )
    batches.confirm(SENDER, batch=batch)
    for _twice in range(2):
        batches.apply_rows(SENDER, batch=batch)
    assert Taking.taken == ["甲"]
    assert list(batch.rows.values_list("state", flat=True)) == ["applied", "skipped", "refused", "skipped"]
    lines = grid_of(batches.result_file(SENDER, batch=batch))
    assert [line[0] for line in lines[1:]] == ["乙", "拒", "已报"]
    assert "名额已满" in lines[2][2]
    assert AuditEntry.objects.filter(action="kernel.batch_done").count() == 1


def test_a_row_is_kept_sealed_and_its_faults_hold_no_number(tmp_path: Path) -> None:
    stored = sent(tmp_path, ["甲乙丙", "19900000001"]).rows.get()
    assert "19900000001" not in stored.sealed
    assert "甲乙丙" not in stored.sealed
    assert batches.opened(stored).values["phone"] == "19900000001"


def test_mending_a_cell_judges_the_row_and_its_double_again(tmp_path: Path) -> None:
    batch = sent(tmp_path, ["甲", "19900000001"], ["甲", "19900000001"], ["乙", "123"])
    assert list(batch.rows.values_list("is_bad", flat=True)) == [False, True, True]
    mended = mending.mend(SENDER, row=batch.rows.get(sheet_row=4), values={"phone": "199-0000-0004"})
    assert mended.ok
    mending.mend(SENDER, row=batch.rows.get(sheet_row=2), values={"name": "丙"})
    assert not batch.rows.filter(is_bad=True).exists()
    assert not mending.mend(SENDER, row=batch.rows.get(sheet_row=2), values={"name": ""}).ok


def test_a_worker_killed_in_the_middle_goes_on_where_it_stopped(
    tmp_path: Path, room: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    batch = sent(tmp_path, *[[name, ""] for name in "甲乙丙丁戊"])
    batches.confirm(SENDER, batch=batch)
    room.dies_at = "丁"
    with pytest.raises(KeyboardInterrupt):
        batches.apply_rows(SENDER, batch=batch)
    assert batch.rows.filter(state=BatchRow.State.APPLIED).count() == 2
    room.dies_at, seen = "", list[int]()
    batches.apply_rows(SENDER, batch=batch, progress=seen.append)
    assert batch.rows.filter(state=BatchRow.State.APPLIED).count() == 5
    assert seen == [2, 3]


def test_nobody_else_sees_or_touches_a_batch(tmp_path: Path) -> None:
    batch = sent(tmp_path, ["甲", ""])
    assert not access.visible(OTHER, Batch).exists()
    assert not access.visible(OTHER, BatchRow).exists()
    for act in (batches.confirm, batches.drop, batches.apply_rows, batches.result_file):
        with pytest.raises(access.Forbidden):
            act(OTHER, batch=batch)


def test_a_batch_follows_its_order(tmp_path: Path) -> None:
    batch = sent(tmp_path, ["甲", ""])
    with pytest.raises(Conflict):
        batches.apply_rows(SENDER, batch=batch)
    batches.drop(SENDER, batch=batch)
    assert not batch.rows.exists()
    with pytest.raises(Conflict):
        batches.confirm(SENDER, batch=batch)
