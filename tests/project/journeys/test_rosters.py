"""A roster as an office sends it, by hand: read, corrected, asked about, confirmed; bad rows back; two records merged."""

from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import expect

from keyuan.kernel.access import visible
from keyuan.kernel.models import ColumnMap
from keyuan.people import actions as people_actions
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number
from tests.project.journeys.stage import Hand, Stage, marks, work

pytestmark = marks
HEAD = ["序号", "单位名称", "姓名", "性别", "基本情况", None, "联系方式", None, "说明"]
SECOND = [None, None, None, None, "出生年月", "证件号码", "手机号码", "电子邮箱", None]


def person(number: int, name: str, unit: str | None, **changed: Any) -> list[Any]:
    """A row; the unit is written once for its people."""
    row = {
        "born": "1982.03",
        "id": resident_number(number, "19820312"),
        "phone": f"1990000{number:04}",
    } | changed
    return [
        number,
        unit,
        name,
        "女" if number % 2 else "男",
        row["born"],
        row["id"],
        row["phone"],
        None,
        "副主任",
    ]


def messy(academy: Academy, path: Path) -> Path:
    """Two-level merged titles, units filled down, a footer, numbers that are damaged, months that may be October."""
    one, two = (unit.name for unit in academy.units)
    good = resident_number(90, "19820312")
    rows = [
        ["附件2"],
        ["演示干部培训班报名回执"],
        HEAD,
        SECOND,
        person(1, "演 示 甲", one),
        person(2, "演示乙", None, phone="19900000002/19900000022"),
        person(3, "演示重名", None),
        person(4, "演示丙", None, born=1985.1, id="H12345678"),
        person(5, "演示丁", two, id=float(resident_number(5, "19820312")[:17] + "0")),
        person(6, "演示戊", None, id=good[:-1] + ("0" if good[-1] != "0" else "1")),
        person(7, "", None),
        person(8, "演示己", None),
        ["备注：请按时报送"],
        ["填表人：演示", None, None, "联系电话：0756-0000000"],
    ]
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for area in ("A2:I2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:H3", "I3:I4", "B5:B8", "B9:B12"):
        page.merge_cells(area)
    book.save(path)
    return path


def row_of(hand: Hand, name: str) -> str:
    """The row of the preview that shows a name."""
    return f'#preview tr:has(td[data-label="姓名"]:has-text("{name}"))'


def corrected(hand: Hand) -> None:
    """The column 说明 was taken for remarks; it holds posts."""
    hand.click('main a:has-text("看各列怎样对应")')
    shown = hand.page.locator('tr:has(th:has-text("说明")) select')
    expect(shown).to_have_value("remark")
    hand.reads("联系方式")
    shown.select_option("post_title")
    hand.click('main button:has-text("按这样读取")')
    hand.reads("下次同样的表头会自动对应")
    expect(hand.page.locator(row_of(hand, "演示乙"))).to_contain_text("副主任")


def decided(hand: Hand) -> None:
    """The same name is decided by a person, the others by what is proposed, one of them by hand."""
    hand.press(f'{row_of(hand, "演示重名")} button:has-text("是：演示重名")')
    expect(hand.page.locator(row_of(hand, "演示重名"))).to_contain_text("已定")
    hand.press(f'{row_of(hand, "演示丙")} button:has-text("1985年10月")')
    expect(hand.page.locator(row_of(hand, "演示丙"))).to_contain_text("可导入")
    hand.click('main button:has-text("接受全部建议")')
    hand.reads("已接受 1 条建议")


def test_a_messy_sheet_goes_in_its_doubts_decided_and_three_bad_rows_come_back(
    stage: Stage, tmp_path: Path
) -> None:
    academy = factories.build()
    klass = factories.published(academy, (9, 9), places=18)
    known = factories.person(academy, "演示重名", academy.units[0])
    Person.objects.filter(pk=known.pk).update(id_index="", id_sealed="")
    office = stage.hand("上传", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/nominations/")
    office.click('main a:has-text("代单位推荐")')
    office.fill({"file": messy(academy, tmp_path / "回执.xlsx")})
    office.click('main button:has-text("上传并核对")')
    office.reads("共读到", "接受全部建议")
    assert not Nomination.objects.exists()
    office.step = "列对应"
    corrected(office)
    assert ColumnMap.objects.exists()
    office.step = "确认"
    decided(office)
    office.click('main button:has-text("导入可以导入的 5 行")')
    work()
    office.open(office.page.url.removeprefix(office.screen.address))
    office.reads("已导入 5 行，3 行没有导入")
    assert set(visible(academy.registrar, Nomination).values_list("person__name", flat=True)) == {
        "演示甲", "演示乙", "演示重名", "演示丙", "演示己",
    }  # fmt: skip
    assert Person.objects.filter(name="演示重名").count() == 1
    assert Person.objects.get(name="演示丙").birth_month == "1985-10"
    assert Person.objects.get(name="演示己").organisation == academy.units[1]
    office.step = "退回"
    returned(office.take('main a:has-text("下载未导入的行")'))
    stage.counted("roster", 9)


def returned(path: Path) -> None:
    """Three rows as they were sent, each with its reason."""
    page = openpyxl.load_workbook(path).active
    assert page is not None
    rows = [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    head = next(number for number, row in enumerate(rows) if "姓名" in row)
    said = ["".join(row) for row in rows[head + 1 :]]
    assert len(said) == 3
    for word in ("演示丁", "演示戊"):
        assert any(word in line for line in said), word
    assert sum("身份证" in line or "证件号码" in line for line in said) == 2


def test_a_liaison_nominates_one_person_in_at_most_five_taps(stage: Stage) -> None:
    academy = factories.build()
    klass = factories.published(academy)
    who = factories.person(academy, "演示待推荐", academy.units[0])
    liaison = stage.hand("推荐", academy.seats["liaison"])
    liaison.open("/home/")
    liaison.click(f'main a:has-text("{klass.title}")')
    liaison.press(f'label:has(input[value="{who.pk}"])')
    liaison.click('main button:has-text("推荐所选人员")')
    liaison.reads("已推荐 1 人", "待审")
    liaison.lacks("已录取")
    assert Nomination.objects.get().person_id == who.pk
    stage.counted("nomination", 5)


def test_two_records_of_one_person_are_merged_by_a_second_person_and_parted_again(stage: Stage) -> None:
    academy = factories.build()
    klass: TrainingClass = factories.published(academy)
    kept = factories.person(academy, "演示同人", academy.units[0])
    gone = people_actions.add_person(
        factories.system_of(academy.school.pk),
        facts=people_actions.PersonFacts(
            "演示同人", organisation=academy.units[1], phone="19900000077", demo=True
        ),
    )
    factories.nominee(academy, klass, 1, gone)
    second = factories.seat(academy, "security", Role.SECURITY_ADMIN)
    office = stage.hand("提出", academy.seats["registrar"])
    office.open(f"/people/{kept.pk}/")
    office.click('main a:has-text("合并重复档案")')
    office.click(f'main a[href="?gone={gone.pk}"]')
    office.reads("两份档案对照", "不同")
    office.fill({"reason": "演示：同一手机"})
    office.click('main button:has-text("提出合并")')
    office.reads("提出人不能自己复核")
    assert Nomination.objects.get().person_id == gone.pk
    other = stage.hand("复核", second)
    other.open("/people/merges/")
    other.click('main a:has-text("演示同人")')
    other.reads("将转移的记录", "演示：同一手机")
    other.click('main button:has-text("确认是同一人")')
    other.reads("已合并。发现有误可以撤销")
    assert Nomination.objects.get().person_id == kept.pk
    assert Person.objects.get(pk=gone.pk).merged_into_id == kept.pk
    other.step = "撤销"
    other.press('summary:has-text("撤销合并")')
    other.fill({"note": "演示：两个人"}, "details")
    other.click('details button:has-text("撤销合并")')
    other.reads("已撤销合并，两份档案恢复原样")
    assert Nomination.objects.get().person_id == gone.pk
    assert Person.objects.get(pk=gone.pk).merged_into_id is None
    stage.counted("merging", 7)
