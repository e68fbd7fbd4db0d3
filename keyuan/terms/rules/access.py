"""Who sees which terms, and who keeps them."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import OFFICE, Role
from keyuan.terms.models import Change, Post, PostName, Term, TermRule

SEERS = (*OFFICE, Role.LIAISON.value)


def _sees_school(actor: Actor) -> bool:
    return bool(actor.roles.intersection(("system", *OFFICE)))


@scope(Term)
def terms_i_see(actor: Actor, rows: QuerySet[Term]) -> QuerySet[Term]:
    """The office its school's; a liaison the unit's; everybody their own."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if _sees_school(actor):
        return rows
    mine = Q(holder_id=actor.person_id or 0)
    if Role.LIAISON in actor.roles:
        mine |= Q(organisation_id=actor.organisation_id or 0)
    return rows.filter(mine)


@scope(Change)
def changes_i_see(actor: Actor, rows: QuerySet[Change]) -> QuerySet[Change]:
    """The office its school's; a liaison those of the unit."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if _sees_school(actor):
        return rows
    if Role.LIAISON in actor.roles:
        return rows.filter(organisation_id=actor.organisation_id or 0)
    return rows.none()


@scope(Post)
@scope(TermRule)
def posts_i_see(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What posts there are, and for how long, is no secret inside the school."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(PostName)
def post_names_i_see(actor: Actor, rows: QuerySet[PostName]) -> QuerySet[PostName]:
    """As the post."""
    return rows.filter(post__school_id=actor.school_id or 0)


def _own_school(actor: Actor, thing: Any) -> bool:
    return actor.school_id is not None and (thing is None or bool(thing.school_id == actor.school_id))


@rule("terms.see", title="查看职务和任期", roles=SEERS, limits="本校；联络员限本单位")
def may_see(actor: Actor, thing: Any) -> bool:
    """The office, of every organisation of the school; a liaison of the own one."""
    if not _own_school(actor, thing):
        return False
    return thing is None or _sees_school(actor) or bool(thing.pk == actor.organisation_id)


@rule("terms.keep", title="登记换届和任期变动", roles=(Role.REGISTRAR,), limits="本校")
def may_keep(actor: Actor, thing: Any) -> bool:
    """The registrar, of every organisation of the school."""
    return _own_school(actor, thing)


@rule("terms.posts", title="维护职务和任期规定", roles=(Role.REGISTRAR,), limits="本校")
def may_keep_posts(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school."""
    return _own_school(actor, thing)


@rule("terms.export", title="导出任期一览", roles=SEERS, limits="本校；联络员限本单位")
def may_export(_actor: Actor, _thing: Any) -> bool:
    """The terms one sees anyway."""
    return True
