"""Cards to cut out: names for the table, badges with the code that checks in."""

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.papers import press
from keyuan.logistics.queries import boards
from keyuan.logistics.rules.codes import badge_code, badge_qr
from keyuan.training.models import Nomination, TrainingClass


def _people(training_class: TrainingClass) -> list[Nomination]:
    rows = boards.trainees(training_class)
    if not rows:
        raise Fault("还没有录取的学员，没有可印的内容。")
    return rows


def spaced(name: str) -> str:
    """Names of two characters are set apart, as on every card: 张　三."""
    return (
        f"{name[0]}\u3000{name[1]}" if len(name) == 2 and name.isalpha() and ord(name[0]) > 0x2E80 else name
    )


def name_cards(actor: Actor, training_class: TrainingClass) -> bytes:
    """Two cards a page (席卡), each with the name on both faces of the fold."""
    people = [
        {"name": spaced(row.person.name), "length": len(row.person.name)} for row in _people(training_class)
    ]
    return press.pdf("namecards", {"title": f"{training_class.title}席卡", "people": people})


def badges(actor: Actor, training_class: TrainingClass) -> bytes:
    """Ten badges a page (胸牌) in the order of groups, each with the trainee's own check-in code."""
    words = boards.post_words(actor, training_class)
    rows = sorted(_people(training_class), key=lambda row: (row.group is None, row.group or 0))
    people = [
        {
            "name": spaced(row.person.name), "unit": str(row.organisation), "post": words.get(row.pk, "学员"),
            "group": f"第{row.group}组" if row.group else "",
            "code": badge_code(training_class.pk, row.person_id),
            "qr": press.qr_svg(badge_qr(training_class.pk, row.person_id)),
        }
        for row in rows
    ]  # fmt: skip
    return press.pdf(
        "badges",
        {"title": training_class.title, "school": training_class.school.name, "people": people},
    )
