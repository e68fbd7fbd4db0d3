"""The roster of people (名册、报名回执) as offices send it, and what its rows must satisfy together."""

import re
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from keyuan.kernel import codes
from keyuan.kernel.sheet import Column, Option, Question, Row, Sheet, readers, told
from keyuan.people import queries
from keyuan.people.models import Person


def settle_birth_month(row: Row, columns: Mapping[str, Column]) -> None:
    """Let the identity number settle a month that is blank or may be two; say so where both contradict."""
    number, column = row.values.get("id_number", ""), columns["birth_month"]
    if row.values.get("id_kind") != "resident" or column.title in {fault.column for fault in row.faults}:
        if row.values.get("birth_month_either"):
            _ask_month(row, column, row.values["birth_month_either"])
        return
    born = codes.id_birth_date(number)
    if born is None:
        return
    by_id, given = born.strftime("%Y-%m"), row.values.get("birth_month", "")
    either = row.values.pop("birth_month_either", "")
    if either and by_id in either.split("/"):
        row.values["birth_month"] = by_id
        row.hints = [hint for hint in row.hints if hint.column != column.title]
        row.remark(column, "birth_month_by_id", _("出生月份有两种读法，已按身份证号确定。"))
    elif either:
        row.values["birth_month_either"] = either
        _ask_month(row, column, either)
    elif given and given != by_id:
        row.remark(column, "birth_month_differs", _("出生年月与身份证号不一致，请核对。"))
    elif not given:
        row.values["birth_month"] = by_id
        row.remark(column, "birth_month_by_id", _("出生年月空缺，已按身份证号补上。"))


def _ask_month(row: Row, column: Column, either: str) -> None:
    options = tuple(
        Option(month, _("%(y)s年%(m)s月") % {"y": month[:4], "m": int(month[5:])}, {"birth_month": month})
        for month in either.split("/")
    )
    words = _("表格中的 %(year)s.1 是 1 月还是 10 月？") % {"year": either[:4]}
    row.hints = [hint for hint in row.hints if hint.column != column.title]
    row.ask(Question("birth_month", column.title, words, options, f"{either[:4]}.1"))


def offer_second_phone(row: Row, columns: Mapping[str, Column]) -> None:
    """Keep the first of two mobiles in a cell and propose the second; a person has one for notices."""
    column, phone = columns["phone"], row.values.get("phone", "")
    others = [number for number in row.values.get("phone_other", "").split("/") if number.startswith("1")]
    if not phone or not others or len(others[0]) != len(phone):
        return
    both = sorted({phone, *others})
    options = tuple(
        Option(
            str(place),
            codes.mask_phone(number),
            {"phone": number, "phone_other": "/".join(each for each in both if each != number)},
        )
        for place, number in enumerate(both)
    )
    words = _("一格里有 %(n)s 个手机号，用哪个收通知？") % {"n": len(both)}
    row.ask(Question("phone", column.title, words, options, proposed=str(both.index(phone))))


def ask_order_of_name(row: Row, columns: Mapping[str, Column]) -> None:
    """Ask in which order a name written with a comma is to stand (Smith, John)."""
    written = row.values.get("name", "")
    parts = re.fullmatch(r"([A-Za-z .'\-]+)[,，]\s*([A-Za-z .'\-]+)", written)
    if parts:
        names = [f"{parts[2].strip()} {parts[1].strip()}", f"{parts[1].strip()} {parts[2].strip()}"]
        options = tuple(Option(str(n), name, {"name": name}) for n, name in enumerate(names))
        row.ask(Question("name", columns["name"].title, _("姓名按哪种顺序写？"), options, written, "0"))


def compare_sex(row: Row, columns: Mapping[str, Column]) -> None:
    """Point out a sex that differs from the identity number; it is a hint, for the number may be right too."""
    given = row.values.get("sex", "")
    if row.values.get("id_kind") != "resident":
        return
    if given and given != codes.id_sex(row.values["id_number"]):
        row.remark(columns["sex"], "sex_differs", _("性别与身份证号不一致，请核对。"))


ROSTER = Sheet(
    key="people.roster",
    title="报名回执",
    columns=(
        Column(
            "order", "序号", readers.text, aliases=("编号", "排序", "no", "no."), width=6, weightless=True
        ),
        Column(
            "name",
            "姓名",
            readers.name,
            required=True,
            aliases=("学员姓名", "参训人员", "参训人员姓名", "人员姓名", "名字"),
            width=12,
            example="张三",
        ),
        Column("sex", "性别", readers.sex, aliases=("男/女",), width=6, choices=("男", "女")),
        Column(
            "birth_month",
            "出生年月",
            readers.birth_month,
            aliases=("出生日期", "出生年月日", "生日", "出生"),
            width=11,
            example="1985-03",
        ),
        Column(
            "organisation",
            "单位",
            readers.title,
            aliases=(
                "工作单位",
                "所在单位",
                "单位名称",
                "推荐单位",
                "所属单位",
                "单位全称",
                "学会名称",
                "选派单位",
            ),
            width=30,
            carried=True,
        ),
        Column(
            "post_title",
            "职务",
            readers.limited(80),
            aliases=(
                "职务/职称",
                "职务职称",
                "职务、职称",
                "职务及职称",
                "单位职务",
                "职务或职称",
                "职称",
                "现任职务",
                "单位及职务",
            ),
            width=20,
        ),
        Column(
            "phone",
            "手机",
            readers.phone,
            aliases=(
                "手机号",
                "手机号码",
                "移动电话",
                "联系手机",
                "联系电话",
                "联系方式",
                "电话",
                "电话号码",
            ),
            width=14,
            secret=True,
            example="13800000000",
            note="可填多个，用“/”分开",
        ),
        Column(
            "email",
            "邮箱",
            readers.email,
            aliases=("电子邮箱", "电子邮件", "邮箱地址", "email", "e-mail", "mail"),
            width=24,
        ),
        Column(
            "id_number",
            "身份证号",
            readers.identity,
            required=True,
            aliases=(
                "身份证号码",
                "证件号码",
                "证件号",
                "身份证",
                "公民身份号码",
                "居民身份证号",
                "居民身份证号码",
            ),
            width=22,
            secret=True,
            note="请先把单元格设为文本再填写，否则后几位会丢失",
        ),
        Column("remark", "备注", readers.limited(500), aliases=("说明", "备注说明"), width=20),
        Column(
            "lodging",
            "是否住宿",
            readers.yes_no,
            aliases=("住宿", "是否需要住宿", "住宿需求", "是否安排住宿"),
            width=10,
            choices=("是", "否"),
        ),
    ),
    notes=("一行填一个人，不要合并单元格。", "身份证号与手机请保持文本格式。"),
    unique=(("id_number", "name"), ("name", "phone")),
    alike=("id_number",),
    rules=(settle_birth_month, compare_sex, offer_second_phone, ask_order_of_name),
)

PEOPLE = Sheet(
    key="people.list",
    title="人员名单",
    columns=(
        told("name", "姓名"),
        told("sex", "性别", 6),
        told("birth", "出生年月", 11),
        told("unit", "单位", 34),
        told("post", "职务", 20),
        told("cohort", "队伍", 14),
        told("id", "证件号码（已遮盖）", 22),
        told("phone", "手机（已遮盖）", 14),
        told("email", "邮箱", 24),
    ),
)


def people_file(people: Iterable[Person]) -> bytes:
    """The list of people (.xlsx) with numbers as the screen shows them."""
    return PEOPLE.export(_people_lines(people))


def _people_lines(people: Iterable[Person]) -> Iterator[dict[str, str]]:
    for person in people:
        numbers = queries.masked(person)
        yield {
            "name": person.name, "sex": person.sex, "birth": person.birth_month, "unit": person.unit,
            "post": person.post_title, "cohort": person.get_cohort_display(), "id": numbers["id"],
            "phone": numbers["phone"], "email": person.email,
        }  # fmt: skip
