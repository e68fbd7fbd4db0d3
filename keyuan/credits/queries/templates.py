"""Certificate templates read."""

from keyuan.credits.models import CertificateTemplate
from keyuan.kernel import files
from keyuan.kernel.models import StoredFile

SEALS = "credits.CertificateTemplate"


def default_template(school_id: int) -> CertificateTemplate | None:
    """The template a school's certificates take unless another is named."""
    return CertificateTemplate.objects.filter(school_id=school_id, is_default=True).first()


def seal_of(template: CertificateTemplate) -> StoredFile | None:
    """The seal's picture."""
    return files.of(SEALS, template.pk).first()
