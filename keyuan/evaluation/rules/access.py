"""Who runs an evaluation, who answers it and who sees what came of it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keyuan.evaluation.models import Eligible, Form, Remark
from keyuan.kernel.access import Actor, rule, scope

Owned = Callable[[Actor], Iterable[int] | QuerySet[Any]]

STAFF: dict[str, Owned] = {}
TEACHERS: dict[str, Owned] = {}
STAFF_ROLES = ("registrar", "head_teacher")


def staff_of(owner_label: str) -> Callable[[Owned], Owned]:
    """Register which owners of a kind an actor staffs: fn(actor) gives their ids or a query of ids."""

    def register(function: Owned) -> Owned:
        STAFF[owner_label] = function
        return function

    return register


def teachers_of(owner_label: str) -> Callable[[Owned], Owned]:
    """Register which owners of a kind an actor taught: they see the published result, never an unchecked text."""

    def register(function: Owned) -> Owned:
        TEACHERS[owner_label] = function
        return function

    return register


def _among(actor: Actor, registered: dict[str, Owned], prefix: str = "") -> Q:
    found = Q(pk__in=())
    for label, function in registered.items():
        found |= Q(**{f"{prefix}owner_label": label, f"{prefix}owner_id__in": function(actor)})
    return found


def runs(actor: Actor, form: Form) -> bool:
    """Whether the actor runs this form: the office in its school, or the owner's own staff."""
    if "system" in actor.roles:
        return actor.school_id in {None, form.school_id}
    if actor.school_id != form.school_id:
        return False
    if "registrar" in actor.roles:
        return True
    function = STAFF.get(form.owner_label)
    if function is None:
        return False
    ids = function(actor)
    return ids.filter(pk=form.owner_id).exists() if isinstance(ids, QuerySet) else form.owner_id in set(ids)


@scope(Form)
def forms_i_see(actor: Actor, rows: QuerySet[Form]) -> QuerySet[Form]:
    """The office all of its school, staff what they staff, teachers the published, trainees what they may answer."""
    if "system" in actor.roles:
        return rows if actor.school_id is None else rows.filter(school_id=actor.school_id)
    rows = rows.filter(school_id=actor.school_id or 0)
    if actor.roles.intersection({"registrar", "leader"}):
        return rows
    shown = Q(pk__in=())
    if "head_teacher" in actor.roles:
        shown |= _among(actor, STAFF)
    if "teacher" in actor.roles:
        shown |= Q(state=Form.State.PUBLISHED) & _among(actor, TEACHERS)
    if "trainee" in actor.roles:
        mine = Eligible.objects.filter(form=OuterRef("pk"), person_id=actor.person_id or 0)
        shown |= Q(Exists(mine), state=Form.State.OPEN)
    return rows.filter(shown)


@scope(Remark)
def remarks_i_see(actor: Actor, rows: QuerySet[Remark]) -> QuerySet[Remark]:
    """Those who run the form see all for the name check; teachers and leaders only what was kept and published."""
    if "system" in actor.roles:
        return rows if actor.school_id is None else rows.filter(form__school_id=actor.school_id)
    rows = rows.filter(form__school_id=actor.school_id or 0)
    if "registrar" in actor.roles:
        return rows
    shown = Q(pk__in=())
    if "head_teacher" in actor.roles:
        shown |= _among(actor, STAFF, "form__")
    public = Q(state=Remark.State.KEPT, form__state=Form.State.PUBLISHED)
    if "leader" in actor.roles:
        shown |= public
    if "teacher" in actor.roles:
        shown |= public & _among(actor, TEACHERS, "form__")
    return rows.filter(shown)


@rule("evaluation.run", title="组织教学评估", roles=STAFF_ROLES, limits="本校；班主任限本班")
def run(actor: Actor, form: Form) -> bool:
    """The office in its school, and the staff of the owner."""
    return runs(actor, form)


@rule("evaluation.check", title="核对评估意见", roles=STAFF_ROLES, limits="本校；班主任限本班")
def check(actor: Actor, form: Form) -> bool:
    """Those who run the form."""
    return runs(actor, form)


@rule("evaluation.answer", title="填写教学评估", roles=("trainee",), limits="本人；限应评名单，一次")
def answer(actor: Actor, form: Form) -> bool:
    """Those on the form's list, once each."""
    if actor.school_id != form.school_id or form.state != Form.State.OPEN:
        return False
    return Eligible.objects.filter(form=form, person_id=actor.person_id or 0).exists()
