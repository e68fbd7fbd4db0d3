"""Laying down chains: each a new dated version, the old ones kept."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from keyuan.approvals.models import Chain, Step
from keyuan.approvals.queries.chains import chain_in_force
from keyuan.approvals.rules import KINDS, StepFacts
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault

audit.sentence("approvals.chain.set", "修订审批链：{kind} 第 {version} 版，{steps} 步，{starts} 起用")

# What a school starts with holds since the first day there could be anything to approve.
FIRST_DAY = date(2020, 1, 1)


def stored_chain(school_id: int, kind: str) -> Chain:
    """The version that holds today; the shipped steps become the first version where there is none."""
    found = chain_in_force(school_id, kind)
    if found is not None:
        return found
    version = Chain.objects.filter(school_id=school_id, kind=kind).aggregate(most=Max("version"))["most"] or 0
    chain, made = Chain.objects.get_or_create(
        school_id=school_id,
        kind=kind,
        version=version + 1,
        defaults={"starts": FIRST_DAY, "note": "系统初始"},
    )
    if made:
        _lay(chain, KINDS[kind].steps)
    return chain


def _lay(chain: Chain, steps: Sequence[StepFacts]) -> None:
    Step.objects.bulk_create(
        Step(chain=chain, order=number, **asdict(facts)) for number, facts in enumerate(steps, 1)
    )


@transaction.atomic
def set_chain(actor: Actor, *, kind: str, starts: date, steps: Sequence[StepFacts], note: str = "") -> Chain:
    """Lay down a chain from a day on as a new version. What is in progress keeps the version it began under.

    Faults: an unknown kind, no step, a condition on every step, a fact that is no figure of the kind.
    """
    require(actor, "approvals.chains", actor.school_id)
    if kind not in KINDS:
        raise Fault(_("没有这个审批事项，请刷新后重试。"), "kind")
    if not steps:
        raise Fault(_("审批链至少要有一步。"), "steps")
    if all(facts.fact for facts in steps):
        raise Fault(_("每一步都带条件时可能无人审批，请至少留一步不带条件。"), "steps")
    figures = {name for name, fact in KINDS[kind].facts.items() if fact.number}
    if any(facts.fact and facts.fact not in figures for facts in steps):
        raise Fault(_("条件只能用这个事项里的数字项。"), "steps")
    school_id = actor.school_id or 0
    most = Chain.objects.filter(school_id=school_id, kind=kind).aggregate(most=Max("version"))["most"]
    if most is None and starts > FIRST_DAY:
        # The shipped chain is what holds until the new one begins.
        most = stored_chain(school_id, kind).version
    try:
        with transaction.atomic():
            chain = Chain.objects.create(
                school_id=school_id, kind=kind, version=(most or 0) + 1, starts=starts, note=note.strip()[:200],
                made_by_id=actor.person_id,
            )  # fmt: skip
            _lay(chain, steps)
    except IntegrityError as clash:
        raise Conflict(_("另一人刚修订了这条审批链，请刷新后再看。")) from clash
    audit.record(
        actor,
        "approvals.chain.set",
        chain,
        kind=kind,
        version=chain.version,
        steps=len(steps),
        starts=f"{starts}",
    )
    return chain
