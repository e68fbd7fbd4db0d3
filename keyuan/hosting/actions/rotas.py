"""Opening a rota, who takes part, what is laid down for it, who is exempt."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.hosting.actions.writing import locked, log
from keyuan.hosting.models import Exemption, LogEntry, Member, Rota, RotaRule, TaskTemplate, Turn
from keyuan.kernel import audit, bulk
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.plan.models import KeyActivity

GENERAL = "综合"
USUAL_TASKS = (
    ("报送活动方案（主题、时间、地点、规模）", -45), ("确定授课人并发出邀请", -30), ("落实场地和设备", -20),
    ("发出活动通知，组织报名", -15), ("印制议程和资料，准备签到", -3), ("收集照片和签到材料", 3), ("报送活动总结", 15),
)  # fmt: skip


@dataclass(frozen=True)
class RotaFacts:
    """What a rota's form says."""

    name: str
    activity: KeyActivity | None = None
    kind: str = Organisation.Kind.SOCIETY.value
    per_year: int = 6
    answer_days: int = 10
    report_days: int = 15


@dataclass(frozen=True)
class RuleFacts:
    """What is laid down from a day on."""

    since: date
    basis: str
    co_host: Decimal = Decimal("0.5")
    jump_in: Decimal = Decimal("1.5")
    window: int = 12
    tolerance: int = 1
    term_months: int = 6


def field_of(unit: Organisation) -> str:
    """A unit's field; who has none counts as general."""
    return unit.field_or_region or GENERAL


@transaction.atomic
def open_rota(
    actor: Actor, *, facts: RotaFacts, opened_on: date, seed: str = "", seed_source: str = ""
) -> Rota:
    """Open a rota: the lots are drawn, all units of the kind join, the usual tasks and figures are laid down.

    Without a seed (a lottery's published number, say) one is drawn here; either way it is stored and published.
    """
    rota = Rota(
        school_id=actor.school_id or 0, seed=seed.strip()[:64] or secrets.token_hex(16), opened_on=opened_on,
        seed_source=seed_source.strip()[:120] or str(_("系统随机抽取")),
    )  # fmt: skip
    require(actor, "hosting.keep", rota)
    _fill(rota, facts)
    RotaRule.objects.create(rota=rota, since=opened_on, basis=str(_("建立轮值时的规定")))
    _templates(rota, USUAL_TASKS)
    audit.record(actor, "hosting.rota_opened", rota)
    join(actor, rota=rota, on=opened_on)
    return rota


def _fill(rota: Rota, facts: RotaFacts) -> None:
    rota.name, rota.activity, rota.kind = facts.name.strip()[:80], facts.activity, facts.kind
    rota.per_year, rota.answer_days, rota.report_days = facts.per_year, facts.answer_days, facts.report_days
    if not rota.name:
        raise Fault(_("请填写轮值名称。"), "name")
    try:
        with transaction.atomic():
            rota.save()
    except IntegrityError as clash:
        raise Conflict(_("已有同名的轮值，请换一个名称。")) from clash


@transaction.atomic
def change_rota(actor: Actor, *, rota: Rota, facts: RotaFacts) -> Rota:
    """Correct a rota; seed and kind of units stay, for the order hangs on them."""
    one = locked(actor, rota)
    if facts.kind != one.kind:
        raise Fault(_("参加单位的类别不能改，需要时请另建轮值。"), "kind")
    _fill(one, facts)
    audit.record(actor, "hosting.rota_changed", one)
    return one


@transaction.atomic
def join(actor: Actor, *, rota: Rota, on: date, units: Sequence[Organisation] | None = None) -> list[Member]:
    """These units (all active ones of the kind) take part from a day on; those that do already are passed over."""
    one = locked(actor, rota)
    there = {row.organisation_id: row for row in Member.objects.filter(rota=one)}
    wanted = Organisation.objects.filter(school_id=one.school_id, kind=one.kind, active=True).order_by("pk")
    new = [
        unit
        for unit in (wanted if units is None else units)
        if unit.pk not in there or there[unit.pk].left_on is not None
    ]
    if any(unit.school_id != one.school_id or unit.kind != one.kind for unit in new):
        raise Fault(_("只能加入本校同类别的单位。"), "units")
    last = LogEntry.objects.filter(rota=one).order_by("-seq").values_list("seq", flat=True).first() or 0
    lines = [
        LogEntry(
            rota=one, seq=last + n, kind="join", done_by_id=actor.person_id,
            facts={"society": unit.pk, "field": field_of(unit), "day": on.isoformat()},
        )
        for n, unit in enumerate(new, 1)
    ]  # fmt: skip
    bulk.insert(lines)
    Member.objects.filter(rota=one, organisation__in=new).update(left_on=None)
    bulk.insert(
        [
            Member(rota=one, organisation=unit, field=field_of(unit), joined_on=on)
            for unit in new
            if unit.pk not in there
        ]
    )
    if new:
        audit.record(actor, "hosting.joined", one, n=len(new))
    return list(Member.objects.filter(rota=one, organisation__in=new))


@transaction.atomic
def leave(actor: Actor, *, member: Member, on: date) -> Member:
    """A unit takes part no more; what it hosted stays counted. Raises Conflict while it holds a turn to come."""
    rota = locked(actor, member.rota)
    one = Member.objects.select_related("organisation", "rota").get(pk=member.pk)
    if one.left_on is not None:
        raise Conflict(_("这个单位已经退出轮值。"))
    held = Turn.objects.filter(
        rota=rota, host=one.organisation, state__in=("proposed", "invited", "accepted")
    )
    if held.exists():
        raise Conflict(_("这个单位还有未举办的期次，请先更换或取消。"))
    one.left_on = max(on, one.joined_on)
    one.save(update_fields=["left_on"])
    log(actor, rota, "leave", society=one.organisation_id, day=on.isoformat())
    audit.record(actor, "hosting.left", one)
    return one


@transaction.atomic
def refresh_fields(actor: Actor, *, rota: Rota) -> int:
    """Take over fields that were corrected in the list of units; each correction stands in the log."""
    one, count = locked(actor, rota), 0
    for member in Member.objects.filter(rota=one).select_related("organisation"):
        found = field_of(member.organisation)
        if found != member.field:
            Member.objects.filter(pk=member.pk).update(field=found)
            log(actor, one, "field", society=member.organisation_id, field=found)
            count += 1
    return count


@transaction.atomic
def set_rule(actor: Actor, *, rota: Rota, facts: RuleFacts) -> RotaRule:
    """Lay figures down from a day on; turns drawn already keep what they were drawn with."""
    one = locked(actor, rota)
    if not facts.basis.strip():
        raise Fault(_("请写明依据。"), "basis")
    if RotaRule.objects.filter(rota=one, since=facts.since).exists():
        raise Conflict(_("这一天已有规定，请换一个起用日期。"))
    made = RotaRule.objects.create(
        rota=one, since=facts.since, basis=facts.basis.strip()[:200], co_host=facts.co_host,
        jump_in=facts.jump_in, window=facts.window, tolerance=facts.tolerance, term_months=facts.term_months,
    )  # fmt: skip
    audit.record(actor, "hosting.rule_set", made)
    return made


@transaction.atomic
def exempt(actor: Actor, *, member: Member, starts: date, ends: date, reason: str) -> Exemption:
    """A unit is not asked in a span of days; its place stays."""
    one = Member.objects.select_related("rota", "organisation").get(pk=member.pk)
    require(actor, "hosting.keep", one)
    if ends < starts:
        raise Fault(_("结束日期早于开始日期，请核对。"), "ends")
    if not reason.strip():
        raise Fault(_("请写明免排的理由。"), "reason")
    made = Exemption.objects.create(
        member=one, starts=starts, ends=ends, reason=reason.strip()[:200], given_by_id=actor.person_id
    )
    audit.record(actor, "hosting.exempted", one)
    return made


@transaction.atomic
def revoke_exemption(actor: Actor, *, exemption: Exemption) -> Exemption:
    """The unit is asked again from now on."""
    one = (
        Exemption.objects.select_for_update(of=("self",)).select_related("member__rota").get(pk=exemption.pk)
    )
    require(actor, "hosting.keep", one.member)
    if one.revoked_at is not None:
        raise Conflict(_("这条免排已经撤销。"))
    one.revoked_at = timezone.now()
    one.save(update_fields=["revoked_at"])
    audit.record(actor, "hosting.unexempted", one.member)
    return one


def _templates(rota: Rota, lines: Iterable[tuple[str, int]]) -> None:
    TaskTemplate.objects.bulk_create(
        TaskTemplate(rota=rota, order=n, title=title[:120], days=days)
        for n, (title, days) in enumerate(lines, 1)
    )


@transaction.atomic
def set_templates(actor: Actor, *, rota: Rota, lines: Sequence[tuple[str, int]]) -> None:
    """The list every host gets from now on; lists given out already stay."""
    one = locked(actor, rota)
    if not lines:
        raise Fault(_("请至少保留一项任务。"))
    one.templates.all().delete()
    _templates(one, lines)
    audit.record(actor, "hosting.templates_set", one)
