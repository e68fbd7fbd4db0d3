"""Certificate templates read."""

from django.db.models import QuerySet

from keyuan.credits.models import Certificate, CertificateTemplate
from keyuan.kernel import files
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import StoredFile

SEALS = "credits.CertificateTemplate"


def default_template(school_id: int) -> CertificateTemplate | None:
    """The template a school's certificates take unless another is named."""
    return CertificateTemplate.objects.filter(school_id=school_id, is_default=True).first()


def templates_in_use(actor: Actor) -> QuerySet[CertificateTemplate]:
    """What the actor may choose from, the school's default first."""
    return visible(actor, CertificateTemplate).filter(active=True)


def template_for(school_id: int, owner_label: str, owner_id: int) -> CertificateTemplate | None:
    """The template the owner's certificates took last, while it is in use; otherwise the school's default."""
    rows = Certificate.objects.filter(owner_label=owner_label, owner_id=owner_id).exclude(template=None)
    last = rows.select_related("template").order_by("-pk").first()
    if last is not None and last.template is not None and last.template.active:
        return last.template
    return default_template(school_id)


def seal_of(template: CertificateTemplate) -> StoredFile | None:
    """The seal's picture."""
    return files.of(SEALS, template.pk).first()
