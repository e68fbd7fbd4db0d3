"""Who would decide each step today, and what is amiss where nobody would."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from keyuan.approvals.models import Step
from keyuan.approvals.queries.chains import heads_by_department, seats_asked
from keyuan.approvals.queries.course import condition_words, who_words
from keyuan.approvals.rules import KINDS, StepFacts
from keyuan.kernel.access import Actor


@dataclass(frozen=True)
class Seen:
    """One step as it would work today (试看): whom it asks, who that is, and the warning where it is nobody."""

    step: Step
    who: str
    condition: str
    names: list[str]
    warning: str = ""
    mend: str = ""


def _mend(step: Step) -> str:
    if step.who == Step.Who.ROLE:
        return _("请安全管理员授予“%(role)s”身份，或改由其他角色审批。") % {"role": who_words(step)}
    if step.who == Step.Who.PERSON:
        return _("此人现在没有审批身份（教务员、部门负责人、校领导或班主任），请授予身份或另选一人。")
    return _("没有职务为“%(post)s”且有审批身份的人员，请核对职务写法，或授予身份。") % {"post": step.post}


def _of_heads(actor: Actor, step: Step) -> Seen:
    found = heads_by_department(actor)
    names = [f"{unit}：{'、'.join(people)}" for unit, people in found if people]
    empty = [str(unit) for unit, people in found if not people]
    if not empty:
        return Seen(step, who_words(step), "", names)
    shown = "、".join(empty[:6]) + (_("等 %(n)s 个部门") % {"n": len(empty)} if len(empty) > 6 else "")
    warning = (
        _("此步无人可批") if not names else _("这些部门牵头时此步无人可批：%(units)s") % {"units": shown}
    )
    return Seen(step, who_words(step), "", names, warning, _("请安全管理员为其负责人授予“部门负责人”身份。"))


def preview(actor: Actor, kind: str, steps: Sequence[StepFacts | Step]) -> list[Seen]:
    """Each step with the people it would ask today; delegations and the submitter aside."""
    facts, lines = KINDS[kind].facts, []
    for number, given in enumerate(steps, 1):
        step = given if isinstance(given, Step) else Step(order=number, **asdict(given))
        if step.who == Step.Who.HEAD:
            seen = _of_heads(actor, step)
        else:
            rows = seats_asked(step, actor.school_id or 0, None)
            names = list(dict.fromkeys(seat.person.name for seat in rows))
            warning = "" if names else _("此步无人可批")
            seen = Seen(step, who_words(step), "", names, warning, "" if names else _mend(step))
        condition = condition_words(step, dict(facts))
        lines.append(Seen(seen.step, seen.who, condition, seen.names, seen.warning, seen.mend))
    return lines
