"""The sheet of questions (题目表): a row per question, read with its bad rows given back, as all sheets of the house."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext as _

from keyuan.kernel.sheet import CellFault, Column, Sheet, SheetFault, readers
from keyuan.kernel.sheet import Reading as CellReading
from keyuan.kernel.sheet import Row as SheetRow
from keyuan.kernel.sheet.describe import Raw
from keyuan.kernel.sheet.writing import annotated
from keyuan.questions.checking import SHARE_PLACES
from keyuan.questions.formats.gathering import (
    Gathering,
    Notes,
    Reading,
    Refused,
    Row,
    Unreadable,
    line,
    number,
    tag_words,
)
from keyuan.questions.formats.gathering import points as points_of
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blank,
    Blanks,
    Body,
    Choice,
    Item,
    Long,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Pair,
    Short,
    Single,
    Truth,
    Unit,
    Value,
)
from keyuan.questions.richtext import from_plain, printable

TITLE: Final = "题目表（.xlsx）"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHOWN: Final = 8
PAIR: Final = "||"
KINDS: Final = ("单选题", "多选题", "判断题", "填空题", "匹配题", "排序题", "数值题", "简答题", "论述题")
STRICT, ADDING, FORGIVING = "全对才得分", "按选项加分", "错选不得分"
LEVELS: Final = {"": 0, "易": 1, "较易": 2, "中": 3, "较难": 4, "难": 5} | {
    str(level): level for level in range(6)
}
_TRUTHS: Final = {
    "正确": True, "对": True, "√": True, "是": True, "T": True, "TRUE": True,
    "错误": False, "错": False, "×": False, "否": False, "F": False, "FALSE": False,
}  # fmt: skip
_NUMBER: Final = re.compile(
    r"\s*(-?\d{1,20}(?:\.\d{1,20})?)\s*(?:(?:±|\+-|\+/-)\s*(\d{1,20}(?:\.\d{1,20})?))?\s*(.*)", re.DOTALL
)


def _words(raw: Raw) -> CellReading:
    """The words of a cell with their line ends."""
    return CellReading(printable(readers.plain(raw)).strip())


def sheet(choices: int = SHOWN) -> Sheet:
    """The description of the sheet with so many columns for choices."""
    lettered = tuple(
        Column(f"choice{x}", f"选项{x}", _words, aliases=(x,), width=18) for x in LETTERS[:choices]
    )
    return Sheet(
        "questions",
        "题目表",
        (
            Column("kind", "题型", _words, required=True, width=10, choices=KINDS),
            Column("text", "题干", _words, required=True, aliases=("题目", "试题", "问题"), width=40),
            *lettered,
            Column("answer", "答案", _words, aliases=("正确答案", "参考答案"), width=20),
            Column("scoring", "计分", _words, width=12, choices=(FORGIVING, STRICT, ADDING)),
            Column("points", "分值", _words, aliases=("分数",), width=8, example="2"),
            Column("level", "难度", _words, width=8, choices=("易", "较易", "中", "较难", "难")),
            Column("category", "分类", _words, aliases=("知识点",), width=14, example="党建/理论"),
            Column("tags", "标签", _words, width=14, example="章程，科普"),
            Column("feedback", "解析", _words, aliases=("答案解析",), width=30),
            Column("code", "编号", _words, aliases=("题号",), width=10),
            Column("title", "题名", _words, width=14),
        ),
        notes=(
            "选择题答案写字母，如 B 或 ABD。",
            "判断题写 正确 或 错误。",
            "填空题题干里空的位置写 [[1]]、[[2]]，答案各空之间用；隔开，同一空的几种写法用 | 隔开。",
            f"匹配题每个选项写“左 {PAIR} 右”，多余的右项写“{PAIR} 右”。",
            "排序题按正确顺序写选项。",
            "数值题写“3.14±0.01 米”。",
            "简答题不写答案的由人工评阅；论述题的答案写评分要点。",
            f"多选题计分：{FORGIVING}（少选得部分分，不填即此）、{STRICT}、{ADDING}。",
        ),
        row_limit=2000,
    )


def template() -> bytes:
    """The empty sheet to fill in."""
    return sheet().template()


def read(data: bytes) -> Reading:
    """The items of a sheet; the rows that cannot be taken stand in the reading as they were sent."""
    described = sheet(len(LETTERS))
    with TemporaryDirectory(prefix="keyuan-questions-") as folder:
        path = Path(folder) / "questions.xlsx"
        path.write_bytes(data)
        try:
            contents = described.read(path)
        except SheetFault as fault:
            raise Unreadable(fault.message) from fault
    gathering, back = Gathering(TITLE), list[Row]()
    for row in contents.rows:

        def make(notes: Notes, row: SheetRow = row) -> Item:
            if row.faults:
                raise Refused("；".join(f"{fault.column}：{fault.message}" for fault in row.faults))
            return _item(row.values, notes)

        reason = gathering.take(make, _("第 %(row)s 行") % {"row": row.number})
        if reason:
            back.append(Row(tuple(row.cells), reason))
    found = gathering.reading()
    return Reading(TITLE, found.items, found.faults, found.numbers, contents.titles, tuple(back))


def returned(reading: Reading) -> bytes:
    """A workbook (.xlsx) of what was not taken: the rows of a sheet as sent, or of other files a line for each item."""
    if reading.rows:
        lines = [(list(row.cells), [CellFault(_("整行"), "refused", row.message)]) for row in reading.rows]
        return annotated(sheet(len(LETTERS)), reading.titles, lines)
    columns = (("number", _("题号"), 8), ("name", _("题目"), 30), ("message", _("说明"), 80))
    listed = Sheet("faults", _("未读入的题"), tuple(Column(k, t, _words, width=w) for k, t, w in columns))
    rows = ({"number": x.number or "", "name": x.name, "message": x.message} for x in reading.faults)
    return listed.export(rows)


def _item(values: dict[str, str], notes: Notes) -> Item:
    kind = values.get("kind", "").removesuffix("题") + "题"
    if kind not in _BODIES:
        raise Refused(
            _("题型“%(kind)s”认不出，请填：%(kinds)s。")
            % {"kind": values.get("kind", ""), "kinds": "、".join(KINDS)}
        )
    level = values.get("level", "")
    if level not in LEVELS:
        raise Refused(_("难度应为 易、较易、中、较难、难 之一。"))
    choices = [values.get(f"choice{letter}", "") for letter in LETTERS]
    while choices and not choices[-1]:
        choices.pop()
    return Item(
        from_plain(values.get("text", "")),
        _BODIES[kind](choices, values.get("answer", ""), values.get("scoring", "")),
        code=line(values.get("code")),
        title=line(values.get("title")),
        points=points_of(values.get("points"), notes),
        category=line(values.get("category")),
        tags=tag_words(re.split(r"[,，、;；]", values.get("tags", ""))),
        difficulty=LEVELS[level],
        feedback=from_plain(values.get("feedback", "")),
    )


def _letters(answer: str, choices: list[str]) -> list[int]:
    """The places of the letters an answer names."""
    found = re.sub(r"[\s,，、;；|]", "", answer.upper()).translate(
        {code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)}
    )
    places = [LETTERS.find(letter) for letter in found]
    if not found or any(not 0 <= place < len(choices) for place in places) or len(set(places)) != len(places):
        raise Refused(_("答案“%(answer)s”与选项对不上，应写选项的字母。") % {"answer": answer[:20]})
    return places


def _single(choices: list[str], answer: str, scoring: str) -> Body:
    places = _letters(answer, choices)
    if len(places) != 1:
        raise Refused(_("单选题只能有一个答案；几个答案请改为多选题。"))
    return Single(
        tuple(
            Choice(from_plain(text), ONE if place in places else NONE) for place, text in enumerate(choices)
        )
    )


def _multiple(choices: list[str], answer: str, scoring: str) -> Body:
    places = _letters(answer, choices)
    if scoring not in {"", FORGIVING, STRICT, ADDING}:
        raise Refused(_("计分应为 %(words)s 之一。") % {"words": f"{FORGIVING}、{STRICT}、{ADDING}"})
    part, wrong = (ONE / len(places)).quantize(SHARE_PLACES), NONE if scoring in {STRICT, ADDING} else -ONE
    made = tuple(
        Choice(from_plain(text), part if place in places else wrong) for place, text in enumerate(choices)
    )
    return Multiple(made, scoring == STRICT)


def _truth(choices: list[str], answer: str, scoring: str) -> Body:
    right = _TRUTHS.get(answer.strip().upper())
    if right is None:
        raise Refused(_("判断题的答案应为 正确 或 错误。"))
    return Truth(right)


def _accepted(answer: str) -> tuple[Accepted, ...]:
    words = dict.fromkeys(line(each, 600) for each in re.split("[|｜]", answer))
    return tuple(Accepted(each) for each in words if each)


def _blanks(choices: list[str], answer: str, scoring: str) -> Body:
    return Blanks(tuple(Blank(_accepted(each)) for each in re.split("[；;]", answer)))


def _matching(choices: list[str], answer: str, scoring: str) -> Body:
    pairs, extra = list[Pair](), list[str]()
    for choice in choices:
        left, found, right = choice.partition(PAIR)
        if not found:
            raise Refused(_("匹配题的选项应写成“左 || 右”。"))
        if left.strip():
            pairs.append(Pair(from_plain(left), from_plain(right)))
        else:
            extra.append(from_plain(right))
    return Matching(tuple(pairs), tuple(extra), scoring == STRICT)


def _ordering(choices: list[str], answer: str, scoring: str) -> Body:
    return Ordering(tuple(from_plain(choice) for choice in choices), scoring == STRICT)


def _numeric(choices: list[str], answer: str, scoring: str) -> Body:
    values, names = list[Value](), list[str]()
    for each in re.split("[|｜]", answer):
        found = _NUMBER.fullmatch(each)
        if not found:
            raise Refused(_("数值题的答案应写成“3.14±0.01 米”，不要误差和单位时只写数。"))
        values.append(Value(number(found[1]), number(found[2] or "0")))
        names.append(line(found[3], 20))
    units = tuple(Unit(name, Decimal(1)) for name in dict.fromkeys(names) if name)
    if len(units) > 1:
        raise Refused(_("数值题的几个答案应用同一单位。"))
    return Numeric(tuple(values), units)


def _short(choices: list[str], answer: str, scoring: str) -> Body:
    return Short(_accepted(answer))


def _long(choices: list[str], answer: str, scoring: str) -> Body:
    return Long(from_plain(answer))


_BODIES: Final[dict[str, Callable[[list[str], str, str], Body]]] = dict(
    zip(
        KINDS,
        (_single, _multiple, _truth, _blanks, _matching, _ordering, _numeric, _short, _long),
        strict=True,
    )
)
