"""Lists on paper: groups with posts, rooms, vehicles."""

from django.utils import timezone

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.papers.facts import Form, Notice, Paragraph, Table
from keyuan.kernel.papers.listing import ListFacts, list_pdf
from keyuan.kernel.papers.official import notice_docx
from keyuan.kernel.papers.timetable import day_words
from keyuan.logistics.models import Leg
from keyuan.logistics.queries import boards
from keyuan.training.models import TrainingClass


def groups_docx(actor: Actor, training_class: TrainingClass) -> bytes:
    """The groups with the class's posts (.docx), one table a group."""
    people = {row.pk: row for row in boards.trainees(training_class)}
    words = boards.post_words(actor, training_class)
    groups = boards.groups_of(actor, training_class)
    if not groups:
        raise Fault("还没有编组，请先在分组页编组。")
    body: list[Paragraph | Table] = []
    held = [(words[pk], people[pk]) for pk in words if pk in people and words[pk] != "组长"]
    if held:
        body.append(Paragraph("班委", level=1))
        rows = tuple((post, row.person.name, row.organisation.name) for post, row in held)
        body.append(Table(("职务", "姓名", "单位"), rows, (1.4, 1.2, 4.0)))
    body.append(Paragraph("分组名单", level=1))
    for group in groups:
        members = [row for row in people.values() if row.group == group.number]
        where = f"（讨论地点：{group.place}）" if group.place else ""
        body.append(Paragraph(f"{group}（{len(members)}人）{where}", level=2))
        lines = tuple(
            (str(n), row.person.name, row.person.sex, row.organisation.name, words.get(row.pk, ""))
            for n, row in enumerate(members, 1)
        )
        body.append(Table(("序号", "姓名", "性别", "单位", "备注"), lines, (0.7, 1.2, 0.7, 4.0, 1.2)))
    notice = Notice(
        form=Form.REPORT, title=f"{training_class.title}分组名单", body=tuple(body),
        signers=(training_class.department.name,), day=timezone.localdate(),
    )  # fmt: skip
    return notice_docx(notice)


def lodging_pdf(actor: Actor, training_class: TrainingClass) -> bytes:
    """Room by room, for the desk of the hotel (住宿名单)."""
    board = boards.room_board(actor, training_class)
    units = {row.pk: row.organisation.name for row in boards.trainees(training_class)}
    rows = tuple(
        (
            str(n),
            column.title,
            f"{len(column.cards)}/{column.capacity}",
            card.name,
            card.sex,
            units[card.pk],
            "",
        )
        for n, (column, card) in enumerate(
            ((column, card) for column in board.columns for card in column.cards), 1
        )
    )
    if not rows:
        raise Fault("还没有排房，请先在住宿页排房。")
    used = sum(1 for column in board.columns if column.cards)
    return list_pdf(
        ListFacts(
            f"{training_class.title}住宿名单", ("序号", "房号", "人数/床位", "姓名", "性别", "单位", "签领房卡"), rows,
            subtitle=f"{len(rows)} 人，{used} 间", weights=(1.0, 1.8, 1.5, 1.8, 1.0, 5.2, 2.2), flipped=False,
            remark=f"另有 {len(board.waiting)} 人待安排：{boards.names(board.waiting)}" if board.waiting else "",
        )
    )  # fmt: skip


def leg_words(leg: Leg) -> str:
    """A journey in one line: when, from where, where to."""
    goal = f" → {leg.goal}" if leg.goal else ""
    return f"{day_words(leg.date)} {leg.departs:%H:%M} {leg.start}{goal}"


def rides_pdf(actor: Actor, training_class: TrainingClass) -> bytes:
    """Vehicle by vehicle, all journeys one after another (乘车名单)."""
    legs = boards.legs_of(actor, training_class)
    units = {row.pk: row.organisation.name for row in boards.trainees(training_class)}
    rows: list[tuple[str, ...]] = []
    notes = []
    for leg in legs:
        board = boards.ride_board(actor, leg)
        rows += [
            (
                leg.title,
                f"{column.title} {column.note}".strip(),
                str(n),
                card.name,
                card.note,
                units[card.pk],
                "",
            )
            for column in board.columns
            for n, card in enumerate(column.cards, 1)
        ]
        notes.append(f"{leg.title}：{leg_words(leg)}")
    if not rows:
        raise Fault("还没有排车，请先在车次页添加行程和车辆。")
    return list_pdf(
        ListFacts(
            f"{training_class.title}乘车名单", ("行程", "车辆", "序号", "姓名", "组别", "单位", "点名"), tuple(rows),
            notes=tuple(notes), weights=(2.0, 2.4, 1.0, 1.8, 1.9, 4.6, 1.2), flipped=False,
        )
    )  # fmt: skip
