"""A proposal asked for, worked out behind the page, worked out anew when somebody drops out."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.models import Proposal, Season
from keyuan.duty.queries.drafting import given, instance_of
from keyuan.duty.rules import proposal as files
from keyuan.duty.rules.instance import ATTEND, Instance, Out
from keyuan.duty.rules.reading import read
from keyuan.duty.rules.scribe import InstanceFault
from keyuan.duty.rules.solving import replan, solve
from keyuan.duty.rules.verifying import verify
from keyuan.kernel import audit, jobs
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault

audit.sentence("duty.proposal_asked", "提交排期：{thing}，{duties} 项任务")
audit.sentence("duty.proposal_solved", "排期算完：{thing}，排上 {covered} 项，共 {duties} 项")
Step = Callable[[int, int, str], None]


@transaction.atomic
def ask(actor: Actor, *, season: Season) -> Proposal:
    """Freeze the season as it stands now and have it worked out; Fault where there is nothing to arrange."""
    return _asked(actor, season, None, Out())


@transaction.atomic
def ask_again(actor: Actor, *, after: Proposal, out: Out | None = None, away: Iterable[str] = ()) -> Proposal:
    """The same after somebody dropped out, or after the season changed, with as few changes as can be.

    `away` names arrangements (`L1-attend`) whose leaders cannot come on those days, but could on others.
    """
    if after.result is None:
        raise Fault(_("这个方案还没有算完，请等它算完再重排。"))
    return _asked(actor, after.season, after, out or Out(), _days(after, set(away)))


def _days(after: Proposal, keys: set[str]) -> list[list[str]]:
    """The leader and the days of some arrangements of a proposal."""
    instance = read(after.instance)
    found = []
    for one in _read(after).assignments:
        if f"{one.leader}-{one.kind}" in keys:
            _offer, first, last = instance.place(one.kind, one.at)
            found.append([one.leader, first.isoformat(), last.isoformat()])
    return found


def _asked(
    actor: Actor, season: Season, after: Proposal | None, out: Out, away: list[list[str]] | None = None
) -> Proposal:
    held = Season.objects.select_for_update().get(pk=season.pk)
    require(actor, "duty.schedule", held)
    before = {(one.leader, one.kind): one.at for one in _read(after).assignments} if after else None
    cannot = [*(after.out.get("away", []) if after else []), *(away or [])]
    raw = _instance(held, before, cannot)
    duties = sum(sum(row["needs"].values()) for row in raw["leaders"])
    if not duties:
        raise Fault(_("这段时间没有待完成的听课、讲课任务，不用排期。"))
    last = held.proposals.order_by("-number").values_list("number", flat=True).first()
    row = Proposal.objects.create(
        season=held, number=(last or 0) + 1, after=after, instance=raw, duties=duties, asked_by_id=actor.person_id,
        out={"leaders": sorted(out.leaders), "classes": sorted(out.offers), "slots": sorted(out.slots), "away": cannot},
    )  # fmt: skip
    job = jobs.start(actor, "duty.solve", school_id=held.school_id, proposal=row.pk)
    Proposal.objects.filter(pk=row.pk).update(job_id=job.pk)
    row.job_id = job.pk
    audit.record(actor, "duty.proposal_asked", row, duties=duties)
    return row


def _instance(
    season: Season, before: dict[tuple[str, str], str] | None, cannot: list[list[str]]
) -> dict[str, Any]:
    found = given(season, before)
    if not found.classes:
        raise Fault(_("还没有班次参加排期，请先勾选班次。"))
    try:
        return instance_of(found, cannot)
    except InstanceFault as fault:
        raise Fault(_("排不了期，请先改正：%(why)s") % {"why": fault.message}) from fault


def _read(row: Proposal) -> files.Proposal:
    return files.read_proposal(json.dumps(row.result))


def work_out(actor: Actor, *, proposal: Proposal, step: Step) -> Proposal:
    """Work a proposal out, judge it independently, keep both; one that has been worked out stays as it is."""
    require(actor, "duty.schedule", proposal)
    if proposal.is_solved:
        return proposal
    step(0, 3, _("读取排期依据"))
    instance = read(proposal.instance)
    step(1, 3, _("求最优方案，最多 %(n)s 秒") % {"n": proposal.season.seconds})
    found = _solved(instance, proposal)
    step(2, 3, _("独立复核"))
    verdict = verify(instance, found)
    _keep(actor, proposal, found, verdict.faults)
    step(3, 3, _("完成"))
    return proposal


def _solved(instance: Instance, proposal: Proposal) -> files.Proposal:
    limit = float(proposal.season.seconds)
    if proposal.after is None:
        return solve(instance, limit_seconds=limit)
    previous = _read(proposal.after)
    known = [one for one in previous.assignments if _still(instance, one)]
    out = Out(*(frozenset(proposal.out[name]) for name in ("leaders", "classes", "slots")))
    return replan(
        instance, replace(previous, assignments=tuple(known)), out=out, limit_seconds=limit
    )  # fmt: skip


def _still(instance: Instance, one: files.Assignment) -> bool:
    leader = instance.leaders.get(one.leader)
    places: Iterable[str] = instance.offers if one.kind == ATTEND else instance.slots
    return leader is not None and one.kind in leader.needs and one.at in places


@transaction.atomic
def _keep(actor: Actor, proposal: Proposal, found: files.Proposal, faults: list[str]) -> None:
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not held.is_solved:
        held.result, held.faults = found.as_json(), faults
        held.duties, held.covered = found.objective["duties"], len(found.assignments)
        held.changed, held.gap = len(found.changes), sum(stage.gap for stage in found.stages)
        held.solved_at = timezone.now()
        held.save()
        audit.record(actor, "duty.proposal_solved", held, covered=held.covered, duties=held.duties)
    proposal.refresh_from_db()
