"""Who sees and changes hours and certificates."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.credits.models import Balance, Certificate, LedgerAccount, Lot, Posting
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import EVERYBODY, OFFICE


def _school_of(thing: Any) -> int | None:
    """The school a thing belongs to: a number stands for itself, a certificate or account knows its own."""
    return thing if isinstance(thing, int) else getattr(thing, "school_id", None)


def in_own_school(actor: Actor, thing: Any) -> bool:
    """Within the actor's own school; the system without a school works in all."""
    if "system" in actor.roles and actor.school_id is None:
        return True
    return actor.school_id is not None and _school_of(thing) in (None, actor.school_id)


def _seen(actor: Actor, prefix: str, *, totals: bool) -> Q:
    """Own rows always; the whole school to its office; totals of its own people to a liaison."""
    if "system" in actor.roles:
        return Q() if actor.school_id is None else Q(**{f"{prefix}school_id": actor.school_id})
    own = Q(**{f"{prefix}person_id": actor.person_id})
    if actor.roles.intersection(OFFICE):
        own |= Q(**{f"{prefix}school_id": actor.school_id})
    if totals and "liaison" in actor.roles and actor.organisation_id:
        own |= Q(
            **{
                f"{prefix}school_id": actor.school_id,
                f"{prefix}person__organisation_id": actor.organisation_id,
            }
        )
    return own


@scope(LedgerAccount)
def accounts_i_see(actor: Actor, rows: QuerySet[LedgerAccount]) -> QuerySet[LedgerAccount]:
    """Own, the school's, or those of the organisation's people."""
    return rows.filter(_seen(actor, "", totals=True))


@scope(Balance)
def balances_i_see(actor: Actor, rows: QuerySet[Balance]) -> QuerySet[Balance]:
    """As far as the accounts."""
    return rows.filter(_seen(actor, "account__", totals=True))


@scope(Lot)
def lots_i_see(actor: Actor, rows: QuerySet[Lot]) -> QuerySet[Lot]:
    """Single earnings: own, or the school's."""
    return rows.filter(_seen(actor, "account__", totals=False))


@scope(Posting)
def postings_i_see(actor: Actor, rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """Single lines: own, or the school's."""
    return rows.filter(_seen(actor, "account__", totals=False))


@scope(Certificate)
def certificates_i_see(actor: Actor, rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Own ones that were issued, or all of the school."""
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows.filter(_seen(actor, "", totals=False))
    return rows.filter(_seen(actor, "", totals=False), state__in=("issued", "revoked"))


@rule("credits.award", title="登记学时", roles=("registrar",), limits="本校")
def award(actor: Actor, thing: Any) -> bool:
    """The registrar within the own school."""
    return in_own_school(actor, thing)


@rule("credits.reverse", title="冲销学时", roles=("registrar",), limits="本校")
def reverse(actor: Actor, thing: Any) -> bool:
    """The registrar within the own school."""
    return in_own_school(actor, thing)


@rule("credits.issue", title="签发证书", roles=("registrar",), limits="本校")
def issue(actor: Actor, thing: Any) -> bool:
    """The registrar within the own school."""
    return in_own_school(actor, thing)


@rule("credits.revoke", title="作废证书", roles=("registrar",), limits="本校")
def revoke(actor: Actor, thing: Any) -> bool:
    """The registrar within the own school."""
    return in_own_school(actor, thing)


@rule("credits.see_certificates", title="查看证书台账", roles=OFFICE, limits="本校")
def see_certificates(actor: Actor, thing: Any) -> bool:
    """The office of the school."""
    return in_own_school(actor, thing)


@rule("credits.see_totals", title="查看学时汇总", roles=(*OFFICE, "liaison"), limits="本校；联络员限本单位")
def see_totals(actor: Actor, thing: Any) -> bool:
    """The office of the school; a liaison sees the own organisation's people."""
    return in_own_school(actor, thing)


@rule("credits.download", title="下载证书文件", roles=EVERYBODY, limits="本人可见的证书；作废证书限教务")
def download(actor: Actor, thing: Any) -> bool:
    """Whoever sees a certificate that stands; a revoked one is kept for the office alone."""
    return thing is None or thing.state == "issued" or bool(actor.roles.intersection(OFFICE))
