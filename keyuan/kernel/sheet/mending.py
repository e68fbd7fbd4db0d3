"""What a person does to a sheet before it goes in: mends cells, answers questions, says which column is which."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.kernel.sheet import batches, header, mapping, reading, writing
from keyuan.kernel.sheet.batches import Purpose, opened
from keyuan.kernel.sheet.describe import CellFault, Row, Sheet

audit.sentence("kernel.batch_mended", "修改了导入表格的第 {row} 行")
audit.sentence("kernel.batch_answered", "确认了导入表格第 {row} 行的“{column}”")
audit.sentence("kernel.batch_accepted", "一次接受了导入表格的 {count} 条建议")
audit.sentence("kernel.batch_mapped", "重新指定了导入表格的列")


def _locked(actor: Actor, batch_id: int) -> tuple[Batch, Purpose]:
    """The batch, locked, with its purpose; refused once it is confirmed."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    found = batches.required(actor, batch)
    if batch.state != Batch.State.PREVIEW:
        raise Conflict(_("这份表格已经确认，不能再修改；请修改后重新上传。"))
    return batch, found


@transaction.atomic
def mend(actor: Actor, *, row: BatchRow, values: Mapping[str, str]) -> Row:
    """Put typed values into a row's cells and judge again; other rows that repeated it are judged again too."""
    batch, found = _locked(actor, row.batch_id)
    rows = _Rows(actor, batch, found)
    mended = rows.opened[row.sheet_row]
    _retype(found.sheet, mended, values, batch.places)
    rows.judge_again([mended])
    audit.record(actor, "kernel.batch_mended", batch, row=mended.number)
    return mended


@transaction.atomic
def answer(actor: Actor, *, row: BatchRow, question: str, option: str) -> Row:
    """Decide one question of a row; deciding it again otherwise is possible until the sheet is confirmed."""
    batch, found = _locked(actor, row.batch_id)
    rows = _Rows(actor, batch, found)
    answered = rows.opened[row.sheet_row]
    asked = next((each for each in answered.questions if each.key == question), None)
    if asked is None:
        raise Conflict(_("这一项已经不用确认，请刷新页面再看。"))
    if asked.option(option) is None:
        raise Fault(_("请从列出的选项中选一个。"))
    answered.answers[question] = option
    _read_again(found.sheet, answered)
    rows.judge_again([answered])
    audit.record(actor, "kernel.batch_answered", batch, row=answered.number, column=asked.column)
    return answered


@transaction.atomic
def accept_proposed(actor: Actor, *, batch: Batch) -> int:
    """Answer every open question that has a proposal by it; how many that were."""
    locked, found = _locked(actor, batch.pk)
    rows = _Rows(actor, locked, found)
    changed, count = [], 0
    for row in rows.opened.values():
        proposed = {each.key: each.proposed for each in row.open_questions if each.proposed}
        if proposed:
            row.answers.update(proposed)
            _read_again(found.sheet, row)
            changed.append(row)
            count += len(proposed)
    rows.judge_again(changed)
    audit.record(actor, "kernel.batch_accepted", locked, count=count)
    return count


class _Rows:
    """The rows of one locked batch, opened, and those among them that changed saved again."""

    def __init__(self, actor: Actor, batch: Batch, found: Purpose) -> None:
        self.actor, self.batch, self.found = actor, batch, found
        self.stored = {each.sheet_row: each for each in batch.rows.all()}
        self.opened = {number: opened(each) for number, each in self.stored.items()}
        self.before = {number: self._verdict(each) for number, each in self.opened.items()}

    @staticmethod
    def _verdict(row: Row) -> tuple[list[CellFault], list[CellFault]]:
        return list(row.faults), list(row.hints)

    def judge_again(self, changed: Iterable[Row]) -> None:
        """Compare all rows with each other, let the room judge the changed ones, save what differs."""
        changed = list(changed)
        if self.found.together and changed:
            numbers = {row.number for row in changed}
            others = [row for row in self.opened.values() if row.number not in numbers]
            for each in others:
                _read_again(self.found.sheet, each)
            changed = sorted([*changed, *others], key=lambda row: row.number)
        for each in self.opened.values():
            each.faults = [fault for fault in each.faults if fault.source != "batch"]
            each.hints = [hint for hint in each.hints if hint.source != "batch"]
        reading.judge_doubles(self.found.sheet, list(self.opened.values()))
        batches.consult(self.actor, self.found, self.batch.context, changed)
        numbers = {row.number for row in changed}
        touched = [
            batches.write_into(self.stored[number], each)
            for number, each in self.opened.items()
            if number in numbers or self._verdict(each) != self.before[number]
        ]
        BatchRow.objects.bulk_update(
            touched, ["sealed", "faults", "hints", "is_bad", "is_asking"], batch_size=100
        )


def _read_again(sheet: Sheet, row: Row) -> None:
    """Ask what the row's rules ask once more, now that something is answered."""
    row.faults = [fault for fault in row.faults if fault.source == "cell"]
    row.hints = [hint for hint in row.hints if hint.source == "cell"]
    row.questions = []
    columns = sheet.by_key()
    for rule in sheet.rules:
        rule(row, columns)


def _retype(sheet: Sheet, row: Row, values: Mapping[str, str], places: Mapping[str, int]) -> None:
    columns = sheet.by_key()
    typed = {columns[key].title for key in values if key in columns}
    _forget_answers(row, typed, set(columns))
    row.faults = [fault for fault in row.faults if fault.source != "cell" or fault.column not in typed]
    row.hints = [hint for hint in row.hints if hint.source != "cell" or hint.column not in typed]
    for key, value in values.items():
        if key not in columns:
            continue
        for known in [name for name in row.values if name == key or name.startswith(f"{key}_")]:
            if known == key or known not in columns:
                del row.values[known]
        row.repairs.pop(key, None)
        reading.judge_cell(row, columns[key], value[: writing.CELL_LIMIT])
        if key in places and places[key] < len(row.cells):
            row.cells[places[key]] = value
    _read_again(sheet, row)


def _forget_answers(row: Row, typed: set[str], columns: set[str]) -> None:
    """What was typed anew is asked anew; what an answer said beside the columns goes with it."""
    for question in row.questions:
        if question.column in typed:
            row.answers.pop(question.key, None)
            for option in question.options:
                for key in set(option.sets) - columns:
                    row.values.pop(key, None)


def read_columns(
    actor: Actor, *, batch: Batch, first_row: int, levels: int, places: Mapping[str, int]
) -> Batch:
    """Read the sheet as it was sent once more, with these columns, and remember them for its sender.

    What was typed or answered before is read anew too. Raises Fault when a required column is left out, a
    place is taken twice or no rows are left.
    """
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        found = batches.required(actor, held)
        if held.state not in {Batch.State.PREVIEW, Batch.State.MAPPING}:
            raise Conflict(_("这份表格已经确认，不能再修改；请修改后重新上传。"))
        kept = mapping.kept(held)
        if kept is None:
            raise Conflict(_("原表已经清除，请重新上传。"))
        grid = kept[0]
        _check_columns(found.sheet, len(grid.rows), (first_row, levels), places)
        titles = header.by_hand(grid, first_row, levels, dict(places))
        contents = reading.judge(found.sheet, grid, titles)
        batches.consult(actor, found, held.context, contents.rows)
        held.rows.all().delete()
        held.state = Batch.State.READING
        held.save(update_fields=["state"])
        mapping.keep(held, grid, first_row, levels)
        mapping.remember(actor, held, grid, titles)
        audit.record(actor, "kernel.batch_mapped", held, columns=len(places))
    return batches.fill(actor, held, contents)


def _check_columns(sheet: Sheet, height: int, where: tuple[int, int], places: Mapping[str, int]) -> None:
    first_row, levels = where
    if not 1 <= first_row <= height or levels not in {1, 2}:
        raise Fault(_("表头所在行超出了表格。"), "first_row")
    columns = sheet.by_key()
    if not set(places) <= set(columns):
        raise Fault(_("请从列出的栏目中选。"))
    missing = [column.title for column in sheet.columns if column.required and column.key not in places]
    if missing:
        raise Fault(_("还没有指定哪一列是“%(titles)s”。") % {"titles": "”“".join(missing)})
