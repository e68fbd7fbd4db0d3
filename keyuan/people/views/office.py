"""The three administrators' pages: seats, the audit chain, and who may do what."""

from django.http import HttpRequest, HttpResponse

from keyuan.kernel import audit, navigation
from keyuan.kernel.access import RULES, actor_of, require
from keyuan.kernel.models.audit import AuditEntry
from keyuan.kernel.pages import listing, page
from keyuan.people.models import Person
from keyuan.people.roles import THREE_ADMINISTRATORS, Role


@navigation.entry("操作日志", "people:audit", roles=(Role.AUDITOR,), order=90, icon="audit", group="管理")
def audit_log(request: HttpRequest) -> HttpResponse:
    """Every line of one's school, newest first."""
    actor = actor_of(request)
    require(actor, "people.audit")
    rows = AuditEntry.objects.filter(school_id=actor.school_id)
    found = listing(
        request,
        rows,
        filters={"action": "action", "person": "person_id"},
        sorts={"seq": "seq"},
        default="-seq",
    )
    names = dict(Person.objects.filter(pk__in={e.person_id for e in found.rows}).values_list("pk", "name"))
    lines = [(entry, names.get(entry.person_id, "系统"), audit.words(entry)) for entry in found.rows]
    return page(request, "people/audit.html", found=found, lines=lines, actions=sorted(audit.SENTENCES))


@navigation.entry(
    "权限矩阵", "people:matrix", roles=THREE_ADMINISTRATORS, order=95, icon="columns", group="管理"
)
def matrix(request: HttpRequest) -> HttpResponse:
    """Roles against rights, read from what the code enforces."""
    require(actor_of(request), "people.matrix")
    rules = sorted(RULES.values(), key=lambda rule: rule.name)
    return page(request, "people/matrix.html", rules=rules, roles=Role.choices)
