"""Who writes the papers of a class."""

from typing import Any

from keyuan.kernel.access import Actor, rule
from keyuan.people.roles import Role


@rule(
    "training.write",
    title="拟制班次公文和总结",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班",
)
def may_write(actor: Actor, thing: Any) -> bool:
    """The registrar of the school, and the head teacher of the class; after closing too, for numbers come late."""
    if thing is None:
        return True
    if thing.school_id != actor.school_id:
        return False
    return Role.REGISTRAR in actor.roles or thing.head_teacher_id == actor.person_id
