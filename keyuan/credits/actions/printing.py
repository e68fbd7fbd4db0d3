"""A certificate onto paper: numbered, printed and entered in the register of papers, and voided there again."""

from django.utils import timezone

from keyuan.credits.actions import templates
from keyuan.credits.models import Certificate
from keyuan.kernel.access import Actor
from keyuan.kernel.links import absolute
from keyuan.kernel.models import DocSeries, IssuedPaper
from keyuan.kernel.papers import issuing, numbering
from keyuan.kernel.papers.certificate import CertificateFacts, certificate_pdf
from keyuan.kernel.templating import hours, plain_number, span
from keyuan.orgs.models import School

KIND = "certificate"
MARK = "粤科协培"


def series_of(school: School) -> DocSeries:
    """The school's certificate series; a branch adds its own code to the mark, so that no number stands twice."""
    mark = MARK if school.parent_id is None else f"{MARK}{school.code.upper()}"
    return numbering.open_series(school.pk, KIND, mark)


def plates_of(school: School) -> tuple[str, ...]:
    """The names it stands under: the first plate, and the second where there is one."""
    return tuple(plate for plate in (school.name, school.second_name) if plate)


def printed(row: Certificate) -> dict[str, str]:
    """What stands on the paper and therefore on its verification page; nothing else about the person."""
    return {
        "name": row.holder_name,
        "organisation": row.organisation_name,
        "title": row.title,
        "days": span(row.starts, row.ends),
        "hours": hours(row.hours),
        "issuer": " ".join(plates_of(row.school)),
    }


def issue(actor: Actor, row: Certificate) -> IssuedPaper:
    """Number and print the certificate; asking again gives the paper that is in force."""

    def render(stamp: issuing.Stamp) -> bytes:
        return certificate_pdf(
            CertificateFacts(
                name=row.holder_name,
                organisation=row.organisation_name,
                title=row.title,
                days=span(row.starts, row.ends),
                hours=plain_number(row.hours),
                number=stamp.number,
                verify_code=stamp.verify_code,
                verify_url=link_of(stamp.verify_code),
                issued_on=timezone.localdate(stamp.issued_at),
                plates=plates_of(row.school),
                demo=row.person.demo,
                **templates.look_of(row.template),
            )
        )

    return issuing.issue(
        actor,
        kind=KIND,
        series=series_of(row.school),
        owner=row,
        title=row.title,
        facts=printed(row),
        render=render,
        person_id=row.person_id,
        holder_name=row.holder_name,
    )


def revoke(actor: Actor, row: Certificate, reason: str) -> None:
    """Void the paper; its number stays used."""
    paper = IssuedPaper.objects.filter(pk=row.paper_id or 0).first()
    if paper is not None and paper.revoked_at is None:
        issuing.revoke(actor, paper, reason)


def link_of(code: str) -> str:
    """The address that the QR code of a certificate says, for years."""
    return absolute(f"/verify/{code}/")
