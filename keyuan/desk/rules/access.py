"""Rights of the phone pages; what they show comes through the rooms below and their scopes."""

from typing import Any

from keyuan.kernel.access import Actor, rule
from keyuan.people.roles import EVERYBODY, Role
from keyuan.training.models import Nomination, Session


@rule("desk.letter", title="领取本人录取通知书", roles=EVERYBODY, limits="本人；限已录取的班次")
def may_draw_letter(actor: Actor, thing: Any) -> bool:
    """The admitted person alone, by account or personal link."""
    if not isinstance(thing, Nomination):
        return thing is None
    return actor.person_id is not None and thing.person_id == actor.person_id and thing.state == "admitted"


@rule(
    "desk.teach", title="查看和答复本人授课安排", roles=(Role.TEACHER, Role.TRAINEE), limits="本人主讲的课次"
)
def may_teach(actor: Actor, thing: Any) -> bool:
    """Who gives the session, by account or personal link; its audience is told in numbers only."""
    if not isinstance(thing, Session):
        return thing is None
    own = actor.person_id is not None and thing.teacher_id == actor.person_id
    return own and thing.school_id == actor.school_id


@rule("desk.quota", title="查看本单位名额与人员培训情况", roles=(Role.LIAISON,), limits="本单位")
def may_see_quota(actor: Actor, thing: Any) -> bool:
    """A liaison, for the unit acted for."""
    return actor.organisation_id is not None
