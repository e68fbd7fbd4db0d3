"""The code on a badge: the trainee's own, by which a head teacher's phone checks in."""

from keyuan.attendance.rules.codes import personal_letters

OWNER = "training.class"


def badge_code(class_id: int, person_id: int) -> str:
    """The six letters of a trainee in a class."""
    return personal_letters(OWNER, class_id, person_id)


def badge_qr(class_id: int, person_id: int) -> str:
    """What the square on a badge says."""
    return f"KEYUAN:{badge_code(class_id, person_id)}"
