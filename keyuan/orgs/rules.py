"""Who sees which school and organisation, and who keeps the list."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.orgs.models import Organisation, OrganisationName, School


@scope(School)
def schools_i_see(actor: Actor, rows: QuerySet[School]) -> QuerySet[School]:
    """One's own school and those under it."""
    return rows.filter(Q(pk=actor.school_id) | Q(parent_id=actor.school_id))


@scope(Organisation)
def organisations_i_see(actor: Actor, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The list of one's own school: names are no secret inside it."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(OrganisationName)
def former_names_i_see(actor: Actor, rows: QuerySet[OrganisationName]) -> QuerySet[OrganisationName]:
    """As the organisation."""
    return rows.filter(organisation__school_id=actor.school_id or 0)


@rule("orgs.keep", title="维护单位名单", roles=("registrar",), limits="本校")
def may_keep(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school; the system when it loads the starting list."""
    school_id = thing.pk if isinstance(thing, School) else getattr(thing, "school_id", actor.school_id)
    return actor.school_id is not None and bool(school_id == actor.school_id)
