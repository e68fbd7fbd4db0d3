"""A reply sheet that leaves doubts: each is asked, answered by one press, and holds its row back until then."""

from pathlib import Path
from typing import Any

from keyuan.kernel.models import Batch, BatchGrid, ColumnMap
from keyuan.kernel.sheet import batches
from keyuan.people.models import Person
from keyuan.training.models import Nomination
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number, workbook
from tests.training.test_imports import HEAD, confirm, line, sent


def questions(batch: Batch) -> dict[int, list[str]]:
    rows = {stored.sheet_row: batches.opened(stored) for stored in batch.rows.all()}
    return {
        number: [each.key.partition(":")[0] for each in row.open_questions] for number, row in rows.items()
    }


def test_each_doubt_is_decided_by_one_press_and_holds_its_row_back(
    academy: Academy, tmp_path: Path, client_for: Any
) -> None:
    klass = factories.published(academy, (9, 9), places=18)
    unit = academy.units[0]
    known = factories.person(academy, "演示重名", unit)
    Person.objects.filter(pk=known.pk).update(id_index="", id_sealed="")
    rows = [
        line(1, unit.name), line(2, unit.name[:-1]), line(3, unit.name, name="演示重名"),
        line(4, unit.name, id="H12345678"), line(5, unit.name),
    ]  # fmt: skip
    table: list[list[Any]] = [[*row, None] for row in rows]
    table[3][-1], table[4][5] = 1985.1, "19900000001/19900000002"
    path = workbook(tmp_path / "a.xlsx", [[*HEAD, "出生年月"], *table])
    batch = sent(academy, klass, path, by="registrar")
    assert questions(batch) == {2: [], 3: ["unit"], 4: ["person"], 5: ["birth_month"], 6: ["phone"]}
    assert batch.rows.filter(is_bad=True).count() == 4
    page = client_for(academy.seats["registrar"])
    text = page.get(f"/batches/{batch.pk}/").content.decode()
    assert "1985年1月" in text
    assert "19900000001" not in text
    answers = {4: ("person", str(known.pk)), 5: ("birth_month", "1985-10")}
    for number, (kind, option) in answers.items():
        stored = batch.rows.get(sheet_row=number)
        key = next(each.key for each in batches.opened(stored).open_questions if each.key.startswith(kind))
        given = page.post(f"/batch-rows/{stored.pk}/answer/", {"question": key, "option": option})
        assert given.status_code == 302
    assert page.post(f"/batches/{batch.pk}/accept/").status_code == 302
    assert not batch.rows.filter(is_bad=True).exists()
    confirm(academy, batch, by="registrar")
    assert Nomination.objects.count() == 5
    assert Nomination.objects.filter(person=known).exists()
    known.refresh_from_db()
    assert known.id_index, "the number that was blank is filled in"
    assert Person.objects.filter(name="演示重名").count() == 1
    assert Person.objects.get(name="演示四").birth_month == "1985-10"
    assert not BatchGrid.objects.exists()


def test_whoever_is_said_to_be_another_is_registered_anew(
    academy: Academy, tmp_path: Path, client_for: Any
) -> None:
    klass = factories.published(academy, (5, 0), places=5)
    factories.person(academy, "演示重名", academy.units[0])
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, line(3, "", name="演示重名")]))
    confirm_first = batches.opened(batch.rows.get()).open_questions[0]
    confirm(academy, batch)
    assert not Nomination.objects.exists(), "an undecided row waits"
    again = sent(academy, klass, workbook(tmp_path / "b.xlsx", [HEAD, line(3, "", name="演示重名"), []]))
    client_for(academy.seats["liaison"]).post(
        f"/batch-rows/{again.rows.get().pk}/answer/", {"question": confirm_first.key, "option": "new"}
    )
    confirm(academy, again)
    assert Person.objects.filter(name="演示重名").count() == 2


def test_titles_nobody_knows_open_a_page_that_learns_them(
    academy: Academy, tmp_path: Path, client_for: Any
) -> None:
    klass = factories.published(academy, (9, 0), places=9)
    odd = ["甲栏", "乙栏", "丙栏"]
    people = [["演示甲", resident_number(1), 19900000001], ["演示乙", float(resident_number(2)), 19900000002]]
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [["演示名单"], odd, *people]))
    assert batch.state == "mapping"
    page = client_for(academy.seats["liaison"])
    opened = page.get(f"/batches/{batch.pk}/")
    assert opened["Location"].endswith("/columns/")
    text = page.get(opened["Location"]).content.decode()
    assert "甲栏" in text
    assert resident_number(1) not in text
    place = f"/batches/{batch.pk}/columns/"
    where = {"first_row": 2, "levels": 1}
    assert page.post(place, {**where, "c0": "name", "c1": "name"}).status_code == 422
    assert page.post(place, {**where, "c0": "name"}).status_code == 422
    assert page.post(place, {**where, "c0": "name", "c1": "id_number", "c2": "phone"}).status_code == 302
    batch.refresh_from_db()
    assert batch.state == "preview"
    first, second = batch.rows.order_by("sheet_row")
    assert batches.opened(first).values["phone"] == "19900000001"
    assert second.faults[0]["code"] == "id_number", "read anew from the cells as they were sent"
    assert ColumnMap.objects.get().sender == f"unit:{academy.units[0].pk}"
    later = sent(academy, klass, workbook(tmp_path / "b.xlsx", [odd, ["演示丙", resident_number(3), None]]))
    assert later.state == "preview"
    assert later.places == {"name": 0, "id_number": 1, "phone": 2}
    other = sent(
        academy,
        klass,
        workbook(tmp_path / "c.xlsx", [odd, ["演示丁", resident_number(4), None]]),
        by="registrar",
    )
    assert other.state == "mapping", "what one unit means is not what another means"


def test_a_column_read_as_another_is_corrected_on_the_preview(
    academy: Academy, tmp_path: Path, client_for: Any
) -> None:
    klass = factories.published(academy, (9, 0), places=9)
    head = ["姓名", "证件号码", "说明", "电话"]
    batch = sent(
        academy, klass, workbook(tmp_path / "a.xlsx", [head, ["演示甲", resident_number(1), "主任", ""]])
    )
    assert batches.opened(batch.rows.get()).values["remark"] == "主任"
    place = f"/batches/{batch.pk}/columns/"
    page = client_for(academy.seats["liaison"])
    assert page.get(place).status_code == 200
    wanted = {"first_row": 1, "levels": 1, "c0": "name", "c1": "id_number", "c2": "post_title", "c3": "phone"}
    page.post(place, wanted)
    assert batches.opened(batch.rows.get()).values["post_title"] == "主任"
    confirm(academy, batch)
    assert page.post(place, wanted).status_code == 409
