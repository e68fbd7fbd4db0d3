"""What is handed back for a file of questions: the same in another format, or what could not be read."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Sheet, told
from keyuan.questions import formats
from keyuan.questions.formats import Reading, Told
from keyuan.questions.formats.holding import KIND_TITLES
from keyuan.questions.formats.opening import boxed
from keyuan.questions.items import Item
from keyuan.questions.richtext import to_plain

SHOWN: Final = 300
WORDS: Final = 80


@dataclass(frozen=True)
class Line:
    """One line of the preview (预览行): an item that was read, or what is to be told of one that was not."""

    number: int
    kind: str
    words: str
    points: str = ""
    said: str = ""
    lost: bool = False


def preview(reading: Reading) -> list[Line]:
    """The items and all that is told, by their numbers in the file."""
    notes = {each.number: each.message for each in reading.faults if not each.lost}
    lines = [
        _line(number, item, notes.get(number, ""))
        for number, item in zip(reading.numbers, reading.items, strict=True)
    ]
    lines += [
        Line(each.number, "", each.name, said=each.message, lost=True) for each in reading.lost if each.number
    ]
    return sorted(lines, key=lambda line: line.number)


def _line(number: int, item: Item, said: str) -> Line:
    words = " ".join(to_plain(item.text).split())
    shown = words if len(words) <= WORDS else f"{words[:WORDS]}…"
    return Line(number, str(KIND_TITLES[item.kind]), shown, f"{item.points.normalize():f}", said)


def converted(reading: Reading, key: str) -> tuple[str, bytes]:
    """The items as a file of the format; with a list of what it does not hold when there is anything to tell."""
    made, kind = formats.write(key, reading.items), formats.FORMATS[key]
    faults = [*reading.faults, *made.faults]
    name = f"题目-{kind.title.partition('（')[0]}.{kind.ending}"
    if not faults:
        return name, made.data
    return "题目和说明.zip", boxed({name: made.data, "说明.xlsx": _explained(faults)})


@in_chinese
def _explained(faults: list[Told]) -> bytes:
    columns = (
        told("number", "题号", 8),
        told("name", "题目", 30),
        told("what", "结果", 12),
        told("message", "说明", 80),
    )
    rows = (
        {
            "number": x.number or "",
            "name": x.name,
            "what": "未写出" if x.lost else "部分未写出",
            "message": x.message,
        }
        for x in faults
    )
    return Sheet("explained", "说明", columns).export(rows)


def left_over(reading: Reading) -> tuple[str, bytes]:
    """What could not be read, to mend and send again."""
    return _("未读入的题") + ".xlsx", formats.returned(reading)
