"""Who may look into files of questions and change them into other formats."""

from typing import Any

from keyuan.kernel.access import Actor, rule
from keyuan.people.roles import OFFICE, Role

ROLES = (*OFFICE, Role.HEAD_TEACHER.value, Role.TEACHER.value)


@rule("questions.exchange", title="检查和转换题目文件", roles=ROLES, limits="本人上传的文件，不保存")
def may_exchange(actor: Actor, thing: Any) -> bool:
    """Whoever makes or arranges teaching; only the file one sends is read, and nothing of it is kept."""
    return actor.person_id is not None
