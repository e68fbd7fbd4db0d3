"""Who keeps certificate templates."""

from typing import Any

from django.db.models import QuerySet

from keyuan.credits.models import CertificateTemplate
from keyuan.credits.rules.access import in_own_school
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import OFFICE


@scope(CertificateTemplate)
def templates_i_see(actor: Actor, rows: QuerySet[CertificateTemplate]) -> QuerySet[CertificateTemplate]:
    """The school's, to its office; a seal's picture is seen with its template."""
    if actor.roles.intersection((*OFFICE, "system")):
        return rows.filter(school_id=actor.school_id or 0)
    return rows.none()


@rule("credits.template", title="管理证书模板", roles=("registrar",), limits="本校")
def keep_templates(actor: Actor, thing: Any) -> bool:
    """The registrar within the own school."""
    return in_own_school(actor, thing)
