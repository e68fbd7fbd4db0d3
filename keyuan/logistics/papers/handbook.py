"""The trainee's handbook (学员手册): notice, timetable, groups, teachers, rules, rooms, cars, contacts, notes."""

from collections.abc import Callable
from typing import Any

from keyuan.attendance import queries as attendance
from keyuan.kernel.access import Actor
from keyuan.kernel.papers import press
from keyuan.kernel.papers.facts import Form, Paragraph
from keyuan.kernel.papers.timetable import day_words
from keyuan.logistics.models import Post
from keyuan.logistics.papers.lists import leg_words
from keyuan.logistics.queries import boards, mine
from keyuan.logistics.queries.needs import arrangement_of
from keyuan.people.roles import Role
from keyuan.training.models import Session, TrainingClass
from keyuan.training.papers.notice import notice_of, span_words
from keyuan.training.queries import versions

SIZES = ("a5", "a4")
# After 干部教育培训学员管理规定 (中组发〔2013〕): what every class is told; the office may write its own.
RULES = (
    "坚持学以致用，认真听课，独立完成学习任务；学习体会和调研报告须由本人撰写。",
    "遵守作息时间，按时到课，逐半天签到，不迟到、不早退；上课时手机静音。",
    "住在学员宿舍、在学员食堂就餐，不外出宴请，不接受宴请，不互相赠送礼品和纪念品。",
    "不带秘书和工作人员，不安排随行车辆，不以学习为名公款旅游。",
    "不建立同学会、校友会等组织，不以班次名义在结业后组织活动。",
    "爱护公共财物，注意人身和财物安全；离开住地外出须告知班主任。",
    "授课资料和讨论内容按要求保管，不擅自录音录像和对外传播；严禁上传涉密内容。",
)
Step = Callable[[int, int, str], None]
STEPS = ("通知和课程表", "分组和师资", "住宿和用车", "守则和通讯录", "排版")


def _nothing(done: int, total: int, said: str) -> None:
    """Nobody waits for progress."""


def handbook_pdf(
    actor: Actor, training_class: TrainingClass, *, size: str = "a5", step: Step = _nothing
) -> bytes:
    """The handbook as PDF in A5 (to be bound) or A4; what is not arranged yet has no chapter.

    Blank pages for notes make the number of pages a multiple of four. `step` is told after each part.
    """
    facts: dict[str, Any] = {
        "title": training_class.title, "size": size if size in SIZES else "a5",
        "plates": [name for name in (training_class.school.name, training_class.school.second_name) if name],
        "days": span_words(training_class), "venue": training_class.venue,
    }  # fmt: skip
    for at, (words, part) in enumerate(zip(STEPS, (_opening, _people, _places, _ending), strict=False), 1):
        facts |= part(actor, training_class)
        step(at, len(STEPS), words)
    made = press.pdf("handbook", facts)
    step(len(STEPS), len(STEPS), STEPS[-1])
    return made


def _opening(actor: Actor, training_class: TrainingClass) -> dict[str, Any]:
    body = notice_of(training_class, Form.LETTER).body
    notice = [{"level": block.level, "text": block.text} for block in body if isinstance(block, Paragraph)]
    days: dict[str, list[dict[str, str]]] = {}
    for session in versions.standing(training_class):
        days.setdefault(day_words(session.date), []).append(_lesson(session))
    return {
        "notice": notice,
        "timetable": [{"day": day, "lessons": lessons} for day, lessons in days.items()],
    }


def _lesson(session: Session) -> dict[str, str]:
    return {
        "half": session.get_half_display(), "time": f"{session.starts:%H:%M}—{session.ends:%H:%M}",
        "kind": session.get_kind_display(), "title": session.title,
        "teacher": session.teacher.name if session.teacher else "", "place": session.place,
    }  # fmt: skip


def _people(actor: Actor, training_class: TrainingClass) -> dict[str, Any]:
    rows = boards.trainees(training_class)
    words = boards.post_words(actor, training_class, branch=True)
    groups: list[dict[str, Any]] = [
        {
            "title": str(group), "place": group.place,
            "rows": [_member(row, words) for row in rows if row.group == group.number],
        }
        for group in boards.groups_of(actor, training_class)
    ]  # fmt: skip
    loose = [_member(row, words) for row in rows if row.group is None]
    if loose:
        groups.append({"title": "学员名册" if not groups else "未编组", "place": "", "rows": loose})
    order = {kind: at for at, kind in enumerate(Post.Kind.values)}
    posts = sorted(
        Post.objects.filter(training_class=training_class, nomination__state="admitted").select_related(
            "nomination__person", "nomination__organisation"
        ),
        key=lambda post: order[post.kind],
    )
    return {
        "count": len(rows),
        "groups": groups,
        "posts": [
            [str(post.get_kind_display()), post.nomination.person.name, str(post.nomination.organisation)]
            for post in posts
        ],
        "teachers": _teachers(training_class),
    }


def _member(row: Any, words: dict[int, str]) -> list[str]:
    return [
        row.person.name,
        row.person.sex,
        row.organisation.name,
        row.person.post_title,
        words.get(row.pk, ""),
    ]


def _teachers(training_class: TrainingClass) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for session in versions.standing(training_class):
        teacher = session.teacher
        if teacher is None:
            continue
        line = found.setdefault(
            teacher.pk,
            {"name": teacher.name, "unit": teacher.unit, "post": teacher.post_title, "lessons": []},
        )
        line["lessons"].append(session.title)
    return list(found.values())


def _places(actor: Actor, training_class: TrainingClass) -> dict[str, Any]:
    rooms = boards.room_board(actor, training_class)
    legs = []
    for leg in boards.legs_of(actor, training_class):
        board = boards.ride_board(actor, leg)
        cars = [
            {"title": column.title, "note": column.note, "names": [card.name for card in column.cards]}
            for column in board.columns
        ]
        legs.append({"title": leg.title, "when": leg_words(leg), "cars": cars})
    return {
        "rooms": [
            [column.title, [card.name for card in column.cards]] for column in rooms.columns if column.cards
        ],
        "legs": legs,
    }


def leave_rules(training_class: TrainingClass) -> list[str]:
    """How leave is asked here: the tiers in force on the first day, and where the class ends for somebody."""
    limits = attendance.limits_on(training_class.school_id, training_class.starts)
    lines = ["请假须事先在手机“签到”页提交，写明事由，批准后方可离开；返回后及时销假。"]
    before = 0
    for up_to, role in limits.tiers:
        label = Role(role).label
        if up_to is None:
            lines.append(f"请假超过 {before} 个半天的，由{label}批准。")
        elif up_to > before:
            lines.append(f"请假 {up_to} 个半天以内的，由{label}批准。")
            before = up_to
    lines.append("请假累计超过全部学时七分之一的，按《干部教育培训工作条例》退学处理，不发结业证书。")
    return lines


def rules_of(training_class: TrainingClass) -> list[str]:
    """The rules as the class wrote them, or the usual ones with the leave rules in force."""
    own = arrangement_of(training_class).rules_text
    return [line.strip() for line in own.splitlines() if line.strip()] or [
        *RULES,
        *leave_rules(training_class),
    ]


def _ending(actor: Actor, training_class: TrainingClass) -> dict[str, Any]:
    contacts = mine.contacts_of(training_class)
    return {
        "rules": rules_of(training_class),
        "staff": [
            line
            for line in (
                ["班主任", training_class.head_teacher.name],
                ["联系人及电话", training_class.contact],
                ["上课地点", training_class.venue],
            )
            if line[1]
        ],
        "contacts": [[one.name, one.unit, one.phone] for one in contacts if one.phone],
    }
