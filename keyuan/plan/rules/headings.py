"""Where the plan's table begins, which column is which, and what stands above it: year, title, document number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

TYPES = ("主要类型", "活动类型", "类型", "类别")
TASKS = ("主要任务", "工作任务", "任务")
NUMBERS = ("序号", "编号")
NAMES = ("重点活动", "活动名称", "重点活动名称", "主要活动")
TITLE_LINE = 60
LEADS = ("牵头部门", "牵头单位", "责任部门", "牵头处室")

_YEAR = re.compile(r"(20[0-9]{2}|[二][〇○零][〇○零一二三四五六七八九]{2})\s*年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[［(（]20\d{2}[〕\]］)）]\s*\d{1,4}\s*号")
_ANNEX = re.compile(r"附件[::]?\s*\d{0,2}[.．::]?")


@dataclass(frozen=True)
class Heading:
    """The heading row of the table and the columns it names."""

    row: int
    type: int
    task: int | None
    number: int | None
    name: int
    leads: int


def heading_row(rows: Sequence[Sequence[str]]) -> Heading | str:
    """The first row that names type, activity and lead; otherwise the sentence to tell."""
    lacking = ""
    for index, cells in enumerate(rows):
        found = {words[0]: _column(cells, words) for words in (TYPES, NAMES, LEADS)}
        kind, name, leads = found.values()
        if kind is not None and name is not None and leads is not None:
            number = _column(cells, NUMBERS)
            # “重点活动” spans two columns, the number's and the name's: the second has no words of its own.
            if number is None and name + 1 < len(cells) and name + 1 != leads and not cells[name + 1]:
                number, name = name, name + 1
            return Heading(index, kind, _column(cells, TASKS), number, name, leads)
        missing = [title for title, column in found.items() if column is None]
        if len(missing) == 1:
            lacking = lacking or missing[0]
    if lacking:
        return _("找到了计划表的表头，但缺少“{column}”一列，请补上后再导入。").format(column=lacking)
    return _(
        "没有找到年度计划表：表头应有“主要类型”“主要任务”“重点活动”“牵头部门”各列。请检查是否选错了文件。"
    )


def _column(cells: Sequence[str], words: Sequence[str]) -> int | None:
    return next((index for index, cell in enumerate(cells) if cell in words), None)


def year_and_title(above: Sequence[str]) -> tuple[int | None, str]:
    """The year and the title from the nearest line above the table that names a year.

    A title broken over two lines (“……学院）” / “2020年教学活动策划”) is joined again.
    """
    for index in range(len(above) - 1, -1, -1):
        found = _YEAR.search(above[index])
        if not found:
            continue
        title = above[index]
        before = above[index - 1] if index else ""
        if found.start() == 0 and before and not _ANNEX.fullmatch(before) and not _ends_a_sentence(before):
            title = before + title
        return int(found[1].translate(_DIGITS)), _ANNEX.sub("", title, count=1)[:200]
    return None, ""


def _ends_a_sentence(text: str) -> bool:
    return text[-1] in "。；：:;.!?！？" or len(text) > TITLE_LINE


def cited_document(above: Sequence[str]) -> str:
    """The notice's own number and the annex, such as “粤科协组〔2020〕10号附件2”; empty when not stated."""
    document = next((found[0] for line in above if (found := _DOCUMENT.fullmatch(line))), "")
    annex = next((line for line in reversed(above) if _ANNEX.fullmatch(line)), "")
    return f"{document}{annex}"[:120]
