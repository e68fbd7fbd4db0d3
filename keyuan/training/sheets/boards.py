"""A board as a spreadsheet: one row a session, in the order of the view it was asked from."""

from keyuan.kernel.calendar import with_weekday
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Sheet, told
from keyuan.training.queries.boards import Board
from keyuan.training.rules import boards
from keyuan.training.rules.boards import Entry

_ALL = {
    "klass": told("klass", "班次", 40), "teacher": told("teacher", "主讲"), "unit": told("unit", "主讲单位", 28),
    "place": told("place", "地点", 24), "date": told("date", "日期"), "day": told("day", "星期", 20),
    "half": told("half", "时段", 8), "time": told("time", "时间", 14), "kind": told("kind", "形式"),
    "title": told("title", "内容", 40), "hours": told("hours", "学时", 6), "department": told("department", "牵头部门", 18),
    "state": told("state", "状态", 24), "notes": told("notes", "冲突和提醒", 60),
}  # fmt: skip
_FIRST = {boards.WEEK: (), boards.TEACHERS: ("teacher", "unit"), boards.ROOMS: ("place",)}
TITLES = {boards.WEEK: "每周课表", boards.TEACHERS: "教师课表", boards.ROOMS: "教室课表"}
_REST = ("date", "day", "half", "time", "klass", "kind", "title", "teacher", "unit", "place", "hours", "department",
         "state", "notes")  # fmt: skip


def sheet_of(view: str) -> Sheet:
    """The columns of a view: what its rows are comes first."""
    keys = dict.fromkeys((*_FIRST[view], *_REST))
    return Sheet(f"training.board.{view}", TITLES[view], tuple(_ALL[key] for key in keys))


@in_chinese
def board_file(board: Board) -> bytes:
    """The sessions and stops of a board as it is narrowed (.xlsx); what is provisional says so."""
    view = board.asked.view
    by_row = [entry for line in board.lines for day in board.days for entry in line.cells.get(day.date, [])]
    every = sorted(by_row, key=lambda e: (e.session.date, e.session.starts, e.klass.title))
    entries = every if view == boards.WEEK else by_row
    names = {day.date: day.name for day in board.days}
    return sheet_of(view).export(_cells(entry, names[entry.session.date]) for entry in entries)


def _cells(entry: Entry, name: str) -> dict[str, str]:
    session, who = entry.session, entry.session.teacher
    weekday = with_weekday(session.date).split("（")[1].rstrip("）")
    return {
        "klass": entry.klass.title, "teacher": who.name if who else "", "unit": str(who.unit or "") if who else "",
        "place": session.place, "date": f"{session.date:%Y-%m-%d}", "day": f"{weekday}（{name}）" if name else weekday,
        "half": str(session.get_half_display()), "time": f"{session.starts:%H:%M}—{session.ends:%H:%M}",
        "kind": "行程" if entry.is_stop else str(session.get_kind_display()), "title": session.title,
        "hours": "" if entry.is_stop else f"{session.hours.normalize():f}",
        "department": str(entry.klass.department), "state": entry.state or ("" if entry.is_stop else "已发布"),
        "notes": "；".join((*entry.clashes, *entry.warnings)),
    }  # fmt: skip
