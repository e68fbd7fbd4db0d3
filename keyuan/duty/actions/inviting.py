"""Letters of invitation (邀请函): numbered, with the names of their day, void when the plan is taken off."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.models import DutyPlan
from keyuan.duty.queries.letters import CLOSING, KIND, opening, plates_of, rows, said, to_invite
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.links import absolute
from keyuan.kernel.models import DocSeries, IssuedPaper
from keyuan.kernel.papers import issuing, numbering
from keyuan.kernel.papers.letter import LetterFacts, letter_pdf
from keyuan.orgs.models import School

MARK = "粤科协邀"
MOST = 100
CHANGED = "安排已改期或取消"


def _series(school: School) -> DocSeries:
    """The school's series of invitations; a branch adds its own code, so that no number stands twice."""
    return numbering.open_series(
        school.pk, KIND, MARK if school.parent_id is None else f"{MARK}{school.code.upper()}"
    )


@transaction.atomic
@in_chinese
def invite(actor: Actor, *, plan: DutyPlan) -> IssuedPaper:
    """The letter of a standing plan; asking again gives the one in force. Conflict where the plan was taken off."""
    held = DutyPlan.objects.select_for_update(of=("self",)).select_related(
        "duty__school", "duty__term__organisation", "duty__term__post", "duty__term__holder", "training_class", "session"
    ).get(pk=plan.pk)  # fmt: skip
    require(actor, "duty.invite", held.duty)
    if held.cancelled_at is not None:
        raise Conflict(_("这项安排已取消，不能再发邀请函。"))
    found = issuing.valid_paper(KIND, held, held.duty.term.holder_id)
    if found is not None:
        return found
    facts = said(held)

    def render(stamp: issuing.Stamp) -> bytes:
        return letter_pdf(_printed(held, facts, stamp))

    paper = issuing.issue(
        actor, kind=KIND, series=_series(held.duty.school), owner=held, title=f"邀请函（{facts['title']}）"[:200],
        facts=facts, render=render, person_id=held.duty.term.holder_id, holder_name=facts["name"],
    )  # fmt: skip
    audit.record(actor, "duty.invited", held.duty, number=paper.number)
    return paper


def _printed(plan: DutyPlan, facts: dict[str, str], stamp: issuing.Stamp) -> LetterFacts:
    holder = plan.duty.term.holder
    return LetterFacts(
        heading="邀请函", name=facts["name"], opening=opening(facts), rows=rows(facts), closing=CLOSING,
        number=stamp.number, verify_code=stamp.verify_code, verify_url=absolute(f"/verify/{stamp.verify_code}/"),
        issued_on=timezone.localdate(stamp.issued_at), plates=plates_of(plan.duty.school),
        demo=holder is not None and holder.demo,
    )  # fmt: skip


def invite_all(actor: Actor, *, term_ids: Iterable[int]) -> list[IssuedPaper]:
    """Letters for the standing plans of some terms that have none yet, each its own transaction; Fault above a hundred."""
    require(actor, "duty.invite")
    plans = list(to_invite(term_ids, actor.school_id or 0)[: MOST + 1])
    if len(plans) > MOST:
        raise Fault(_("一次最多制发 %(n)s 份，请分批勾选。") % {"n": MOST})
    return [invite(actor, plan=plan) for plan in plans]


def void(plan: DutyPlan) -> None:
    """The letter of a plan that is taken off is void; its number stays used."""
    found = issuing.valid_paper(KIND, plan, plan.duty.term.holder_id)
    if found is not None:
        issuing.revoke(system_of(plan.duty.school_id), found, CHANGED)
