"""The files of certificates, one by one and many in an archive."""

import io
import zipfile
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.credits.actions.printing import link_of, plates_of
from keyuan.credits.actions.templates import look_of
from keyuan.credits.models import Certificate, CertificateTemplate
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.papers import issuing
from keyuan.kernel.papers.certificate import CertificateFacts, certificate_pdf, certificate_picture
from keyuan.kernel.templating import span

ARCHIVE_LIMIT = 500


def _paper(row: Certificate) -> IssuedPaper:
    if row.paper_id is None:
        raise Fault(_("这本证书还没有签发，签发后才能下载。"))
    return IssuedPaper.objects.get(pk=row.paper_id)


@in_chinese
def pdf(row: Certificate) -> bytes:
    """The file as it was issued, checked against its hash. Raises Fault when it was not issued or is damaged."""
    return issuing.content(_paper(row))


def verify_link(row: Certificate) -> str:
    """Where its QR code leads; empty before it is issued."""
    return link_of(_paper(row).verify_code) if row.paper_id is not None else ""


def archive(rows: Iterable[Certificate]) -> bytes:
    """The valid certificates among the rows as one zip, a file each, in the order given; at most ARCHIVE_LIMIT."""
    chosen = [row for row in rows if row.state == Certificate.State.ISSUED][:ARCHIVE_LIMIT]
    if not chosen:
        raise Fault(_("所列证书中没有有效的证书，无法打包。请调整筛选条件。"))
    found = IssuedPaper.objects.in_bulk([row.paper_id for row in chosen if row.paper_id is not None])
    out = io.BytesIO()
    # A PDF is compressed already: storing costs less and opens faster.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for row in chosen:
            name = f"{row.number}-{row.holder_name}.pdf".replace("/", "_").replace("\\", "_")
            bundle.writestr(name, issuing.content(found[row.paper_id or 0]))
    return out.getvalue()


def sample(template: CertificateTemplate) -> bytes:
    """The template with invented facts, 样张 written across it."""
    return certificate_pdf(_invented(template))


def sample_picture(template: CertificateTemplate) -> bytes:
    """The sample as a small PNG, to choose by."""
    return certificate_picture(_invented(template))


def _invented(template: CertificateTemplate) -> CertificateFacts:
    today = timezone.localdate()
    return CertificateFacts(
        name="张三（样张）", organisation="广州市科学技术协会", title="科协系统干部能力提升培训班",
        days=span(today, today + timedelta(days=4)), hours="40", number="（编号在签发时生成）",
        verify_code="SAMPLESAMPLESA", verify_url=link_of("SAMPLESAMPLESA"), issued_on=today,
        plates=plates_of(template.school), sample=True, **look_of(template),
    )  # fmt: skip
