"""Issuing, voiding and replacing papers: each a numbered row that nothing can take away again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from keyuan.kernel import access, audit
from keyuan.kernel.access import Actor
from keyuan.kernel.codes import verify_code
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import DocSeries, IssuedPaper
from keyuan.kernel.papers import numbering

# 14 letters out of 30 or so are some 69 bits: nobody guesses one.
CODE_LENGTH = 14

audit.sentence("papers.issue", "签发了{number}")
audit.sentence("papers.revoke", "作废了{number}")
audit.sentence("papers.reissue", "补发了{number}，替换{replaced}")


@dataclass(frozen=True)
class Stamp:
    """What issuing adds to a paper's facts (签发要素): the renderer prints it."""

    number: str
    verify_code: str
    issued_at: datetime


Render = Callable[[Stamp], bytes]


@access.rule("papers.issue", title="签发文书", roles=("registrar",), limits="本校")
def may_issue(actor: Actor, school_id: int | None) -> bool:
    """Within one's own school; background work names its school."""
    return actor.school_id == school_id


@access.rule("papers.revoke", title="作废文书", roles=("registrar",), limits="本校")
def may_revoke(actor: Actor, paper: IssuedPaper) -> bool:
    """Within one's own school."""
    return actor.school_id == paper.school_id


@access.scope(IssuedPaper)
def papers_in_sight(actor: Actor, rows: Any) -> Any:
    """One's own papers; all of the school for those who issue or answer for them."""
    if actor.roles & {"registrar", "leader", "system", "auditor"}:
        return rows.filter(school_id=actor.school_id)
    return rows.filter(person_id=actor.person_id) if actor.person_id else rows.none()


def valid_paper(kind: str, owner: Model, person_id: int | None = None) -> IssuedPaper | None:
    """The paper of this kind that is in force for the owner and person."""
    rows = IssuedPaper.objects.filter(
        kind=kind, owner_label=owner._meta.label, owner_id=owner.pk, person_id=person_id, revoked_at=None
    )
    return rows.first()


@transaction.atomic
def issue(
    actor: Actor,
    *,
    kind: str,
    series: DocSeries,
    owner: Model,
    title: str,
    facts: dict[str, Any],
    render: Render,
    person_id: int | None = None,
    holder_name: str = "",
    suffix: str = "pdf",
    year: int | None = None,
) -> IssuedPaper:
    """Number, render, keep and record a paper. Issuing again gives the paper already in force.

    `facts` are what the verification page shows: what stands on the paper, no secrets. Who loses a race
    gets the winner's paper, for the draw locks the series and the second look comes after it.
    """
    access.require(actor, "papers.issue", series.school_id)
    found = valid_paper(kind, owner, person_id)
    if found:
        return found
    moment = timezone.now()
    year = year or timezone.localdate(moment).year
    locked = DocSeries.objects.select_for_update().get(pk=series.pk)
    found = valid_paper(kind, owner, person_id)
    if found:
        return found
    paper = _numbered(
        actor, locked, year, moment,
        kind=kind, person_id=person_id, owner_label=owner._meta.label, owner_id=owner.pk,
        title=title, holder_name=holder_name, facts=facts,
    )  # fmt: skip
    _keep(paper, render, suffix)
    audit.record(actor, "papers.issue", paper, number=paper.number)
    return paper


def _numbered(actor: Actor, series: DocSeries, year: int, moment: datetime, **said: Any) -> IssuedPaper:
    seq = numbering.draw(series, year)[0]
    return IssuedPaper(
        school_id=series.school_id,
        series=series,
        year=year,
        seq=seq,
        number=numbering.number(series.pattern, series.mark, year, seq),
        verify_code=verify_code(CODE_LENGTH),
        issued_at=moment,
        issued_by=actor.person_id,
        seat_id=actor.seat_id,
        **said,
    )


def _keep(paper: IssuedPaper, render: Render, suffix: str) -> None:
    """Render and store; the file's name is its hash, and goes again if the transaction fails."""
    content = render(Stamp(paper.number, paper.verify_code, paper.issued_at))
    paper.sha256 = hashlib.sha256(content).hexdigest()
    wanted = f"papers/{paper.year}/{paper.sha256[:2]}/{paper.sha256}.{suffix}"
    paper.file = default_storage.save(wanted, ContentFile(content))
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except Exception:
        default_storage.delete(paper.file)
        raise


@transaction.atomic
def revoke(actor: Actor, paper: IssuedPaper, reason: str) -> IssuedPaper:
    """Void a paper for good; its number stays used. Raises Fault without a reason, Conflict when void already."""
    access.require(actor, "papers.revoke", paper)
    reason = reason.strip()
    if not reason:
        raise Fault("请写明作废原因。", "reason")
    done = IssuedPaper.objects.filter(pk=paper.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=actor.person_id, revoke_reason=reason[:200]
    )
    if not done:
        raise Conflict(f"{paper.number} 此前已作废，无需再次办理。")
    audit.record(actor, "papers.revoke", paper, number=paper.number)
    paper.refresh_from_db()
    return paper


@transaction.atomic
def reissue(
    actor: Actor, paper: IssuedPaper, reason: str, *, facts: dict[str, Any], render: Render
) -> IssuedPaper:
    """Void the paper and issue its successor under a new number; the old verification page names it."""
    series = DocSeries.objects.select_for_update().get(pk=paper.series_id)
    access.require(actor, "papers.issue", series.school_id)
    revoke(actor, paper, reason)
    moment = timezone.now()
    fresh = _numbered(
        actor, series, timezone.localdate(moment).year, moment,
        kind=paper.kind, person_id=paper.person_id, owner_label=paper.owner_label, owner_id=paper.owner_id,
        title=paper.title, holder_name=str(facts.get("name", paper.holder_name)), facts=facts, replaces=paper,
    )  # fmt: skip
    _keep(fresh, render, paper.file.rsplit(".", 1)[-1])
    audit.record(actor, "papers.reissue", fresh, number=fresh.number, replaced=paper.number)
    return fresh


def content(paper: IssuedPaper) -> bytes:
    """The stored file, checked against its hash. Raises Fault when it is gone or was altered."""
    try:
        with default_storage.open(paper.file) as stored:
            kept: bytes = stored.read()
    except FileNotFoundError:
        raise Fault(f"{paper.number} 的文件已不在存储中，请联系系统管理员从备份恢复。") from None
    if hashlib.sha256(kept).hexdigest() != paper.sha256:
        raise Fault(f"{paper.number} 的文件与签发时不一致，请联系系统管理员从备份恢复。")
    return kept
