"""A reply sheet as offices send it: good rows in, bad rows back with their reasons, mended ones in afterwards."""

import io
from pathlib import Path

import openpyxl

from keyuan.kernel import batchjobs
from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import batches
from keyuan.kernel.worker import Worker
from keyuan.people.models import Person
from keyuan.training.models import Nomination, QuotaShare, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number, workbook

HEAD = ["姓名", "性别", "单位", "职务", "证件号码", "手机", "是否住宿"]
FIGURES = "零一二三四五六七八九"


def line(number: int, unit: str, **changed: str) -> list[str]:
    name = "演示" + "".join(FIGURES[int(figure)] for figure in str(number))
    row = {
        "name": name,
        "unit": unit,
        "id": resident_number(number, "19820228"),
    } | changed
    return [
        row["name"],
        "男" if number % 2 else "女",
        row["unit"],
        "干事",
        row["id"],
        "",
        "是" if number % 3 == 0 else "",
    ]


def sent(academy: Academy, klass: TrainingClass, path: Path, *, by: str = "liaison") -> Batch:
    unit = academy.units[0].pk if by == "liaison" else None
    return batches.receive(
        academy.actor(by),
        purpose="training.nominate",
        upload=path,
        context={"class": klass.pk, "organisation": unit},
    )


def confirm(academy: Academy, batch: Batch, by: str = "liaison") -> None:
    batchjobs.confirm_and_start(academy.actor(by), batch=batch)
    worker = Worker()
    while worker.run_one():
        continue
    batch.refresh_from_db()


def test_of_300_rows_297_go_in_and_the_3_bad_ones_after_mending(academy: Academy, tmp_path: Path) -> None:
    klass = factories.published(academy, (300, 0), places=300)
    unit = academy.units[0].name
    rows = [line(n, unit) for n in range(300)]
    rows[10] = line(10, unit, id=rows[10][4][:-1] + ("0" if rows[10][4][-1] != "0" else "1"))
    rows[150] = line(150, unit, name="")
    rows[299] = line(299, unit, id=rows[0][4], name=rows[0][0])
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    assert (batch.rows.count(), batch.rows.filter(is_bad=True).count()) == (300, 3)
    assert not Nomination.objects.exists(), "a preview writes nobody"
    confirm(academy, batch)
    assert (
        Nomination.objects.filter(state="submitted").count()
        == QuotaShare.objects.order_by("pk")[0].used
        == 297
    )

    back = batches.result_file(academy.actor("liaison"), batch=batch)
    page = openpyxl.load_workbook(io.BytesIO(back)).active
    assert page is not None
    returned = [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
    head = next(n for n, row in enumerate(returned) if "姓名" in row)
    assert len(returned) - head - 1 == 3
    assert all(any(len(cell) > 6 for cell in row) for row in returned[head + 1 :]), "each with its reason"

    column = {title: returned[head].index(title) + 1 for title in ("姓名", "证件号码")}
    for place, number in zip(range(head + 2, head + 5), (10, 150, 299), strict=True):
        page.cell(place, column["姓名"]).value = line(number, unit)[0]
        page.cell(place, column["证件号码"]).value = line(number, unit)[4]
    mended = tmp_path / "b.xlsx"
    page.parent.save(mended)
    again = sent(academy, klass, mended)
    assert (again.rows.count(), again.rows.filter(is_bad=True).count()) == (3, 0)
    confirm(academy, again)
    assert (
        Nomination.objects.count() == Person.objects.filter(nominations__training_class=klass).count() == 300
    )


def test_each_bad_row_says_what_is_wrong_with_it(academy: Academy, tmp_path: Path) -> None:
    klass = factories.published(academy, (2, 1), places=4)
    elsewhere = factories.person(academy, "演示别处", academy.units[1])
    factories.nominee(academy, klass, unit=1, who=elsewhere)
    known = resident_number(academy.serial % 900, "19600101")
    rows = [
        line(1, academy.units[0].name), line(2, academy.units[0].name), line(3, academy.units[0].name),
        line(4, "没有登记的单位"), line(5, academy.units[1].name, id=known, name="演示别处"),
        line(6, academy.units[1].name, id=known, name="演示旁人"),
    ]  # fmt: skip
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]), by="registrar")
    codes = {row.sheet_row: {fault["code"] for fault in row.faults} for row in batch.rows.filter(is_bad=True)}
    assert codes[4] == {"over_quota"}
    assert codes[5] == {"unit_unknown"}
    assert set(codes) >= {4, 5, 6, 7}


def test_a_sheet_confirmed_twice_goes_in_once(academy: Academy, tmp_path: Path) -> None:
    klass = factories.published(academy, (5, 0), places=5)
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *[line(n, "") for n in range(3)]]))
    confirm(academy, batch)
    confirm(academy, batch)
    assert Nomination.objects.count() == 3


def test_the_sheet_of_a_class_gone_meanwhile_takes_nobody_in(academy: Academy, tmp_path: Path) -> None:
    klass = factories.published(academy, (5, 0), places=5)
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, line(1, "")]))
    TrainingClass.objects.filter(pk=klass.pk).update(state="cancelled")
    confirm(academy, batch)
    assert not Nomination.objects.exists()
    assert batch.rows.get().state == "refused"
