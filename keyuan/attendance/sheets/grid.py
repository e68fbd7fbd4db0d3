"""The grid of half-days as a workbook."""

from collections.abc import Iterator

from keyuan.attendance.models import Half
from keyuan.attendance.queries.grid import Grid, GridRow
from keyuan.kernel.sheet import Column, Sheet
from keyuan.kernel.sheet.readers import text

SIGNS = {"present": "√", "late": "迟", "leave": "假", "absent": "缺", "waiting": ""}
_HALVES = dict(Half.choices)


def grid_file(grid: Grid, rows: list[GridRow], *, title: str) -> bytes:
    """One row a trainee, one column a half-day (.xlsx), with hours and the leave share behind."""
    columns = [_column("no", "序号", 6), _column("name", "姓名", 12), _column("unit", "单位", 28)]
    columns += [_column(f"{day}{half}", f"{day:%m-%d}{_HALVES[half]}", 10) for day, half in grid.halves]
    columns += [
        _column("present", "出勤学时", 10), _column("leave", "请假学时", 10), _column("absent", "缺勤学时", 10),
        _column("share", "出勤率", 9), _column("leave_share", "请假占比", 9), _column("left", "还可请假（半天）", 12),
    ]  # fmt: skip
    sheet = Sheet("attendance.grid", "考勤表", tuple(columns), notes=("√ 到　迟 迟到　假 请假　缺 缺勤",))
    return sheet.export(_lines(grid, rows), title=title)


def _column(key: str, title: str, width: int) -> Column:
    return Column(key, title, text, width=width)


def _lines(grid: Grid, rows: list[GridRow]) -> Iterator[dict[str, str]]:
    for number, row in enumerate(rows, 1):
        standing = row.standing
        marks = {f"{day}{half}": SIGNS[cell.mark] for (day, half), cell in row.cells.items()}
        yield marks | {
            "no": str(number), "name": row.person.name, "unit": row.person.unit, "present": f"{standing.present.normalize():f}",
            "leave": f"{standing.leave.normalize():f}", "absent": f"{standing.absent.normalize():f}",
            "share": f"{standing.attendance_share:.1%}", "leave_share": f"{standing.leave_share:.1%}", "left": str(row.left),
        }  # fmt: skip
