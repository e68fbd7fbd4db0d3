"""Electing, letting act, extending, replacing early, ending, correcting: one transaction and one undoable step each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import Organisation
from keyuan.people import actions as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from keyuan.terms.actions.writing import FIELDS, opened, snapshot, written
from keyuan.terms.models import Change, Post, Term
from keyuan.terms.queries import live, rule_on
from keyuan.terms.rules import added_months, last_day

_BY_COUNCIL = (Term.Began.ELECTED, Term.Began.RE_ELECTED)
_REGULAR = (*_BY_COUNCIL, Term.Began.BY_ELECTION, Term.Began.APPOINTED)
DAY = timedelta(days=1)
# A person, or the name of somebody not yet registered.
Holder = Person | str
Lines = list[tuple[Term, dict[str, Any] | None]]


@dataclass(frozen=True)
class TermFacts:
    """What is said of a term: blank 届 and end are worked out from the council and the dated rule."""

    starts: date
    number: int | None = None
    due: date | None = None
    began: str = Term.Began.ELECTED.value
    basis: str = ""
    ends: date | None = None
    ended: str = ""


def _fit(actor: Actor, organisation: Organisation, post: Post, holder: Holder) -> Person:
    """Who is meant: a person of the school, or a name to register as somebody new of the organisation."""
    if isinstance(holder, str):
        facts = PersonFacts(name=holder, organisation=organisation, post_title=post.name)
        return people.add_person(actor, facts=facts)
    person = holder.merged_into or holder
    if person.school_id != organisation.school_id or person.erased_at is not None:
        raise Fault(_("任职人须是本校登记的人员，请重新选择。"), "holder")
    return person


def _made(organisation: Organisation, post: Post, holder: Person | None, facts: TermFacts) -> Term:
    return Term(
        school_id=organisation.school_id, organisation=organisation, post=post, number=facts.number, holder=holder,
        starts=facts.starts, due=facts.due, began=facts.began, basis=facts.basis.strip()[:100], ends=facts.ends,
        ended=facts.ended, acting=facts.began == Term.Began.ACTING,
    )  # fmt: skip


def _open_terms(organisation: Organisation, post: Post) -> list[Term]:
    rows = live(Term.objects.filter(organisation=organisation, post=post, ends=None))
    return list(rows.select_related("holder", "post").order_by("starts", "pk"))


def _closed(term: Term, starts: date, ended: str) -> tuple[Term, dict[str, Any]]:
    """The term ended on the eve of another; a vacancy that began that very day never was."""
    before = snapshot(term)
    if term.starts >= starts:
        if term.holder_id is not None or term.starts > starts:
            words = _("%(who)s自 %(day)s 起在任，新任期的起始日须晚于这一天。")
            raise Fault(
                words % {"who": term.holder.name if term.holder else _("空缺"), "day": term.starts}, "starts"
            )
        term.ends, term.ended = term.starts, Term.Ended.FILLED
        term.withdrawn_at = timezone.now()
        return term, before
    term.ends, term.ended = starts - DAY, ended
    return term, before


def _gives_way(post: Post, term: Term, holder: Person, facts: TermFacts) -> str:
    """How an open term ends by this election; empty where it goes on beside it."""
    if term.began == Term.Began.VACANT:
        return Term.Ended.FILLED.value
    if term.acting:
        return Term.Ended.FILLED.value if post.single else ""
    if term.holder_id == holder.pk or (post.single and facts.began in _BY_COUNCIL):
        return Term.Ended.EXPIRED.value
    if not post.single:
        return ""
    who = term.holder.name if term.holder else ""
    raise Fault(_("%(who)s仍在任。请先办理离任，或在其任期上办“提前更换”。") % {"who": who}, "holder")


def _filled(
    organisation: Organisation, post: Post, last: Term | None, facts: TermFacts
) -> tuple[int | None, date | None]:
    """届 and end where they were left blank: the council's next, or for a by-election the running one's."""
    number, due = facts.number, facts.due
    by_council = facts.began in _BY_COUNCIL
    if number is None and last is not None and last.number is not None:
        number = last.number + 1 if by_council else last.number
    if due is not None or facts.began == Term.Began.APPOINTED:
        return number, due
    if not by_council:
        same = live(Term.objects.filter(organisation=organisation, number=number, due__isnull=False))
        running = same.exclude(number=None).order_by("-due").first() or last
        ends = running.due if running is not None else None
        return number, ends if ends is not None and ends >= facts.starts else None
    found = rule_on(organisation.school_id, organisation.kind, facts.starts)
    return number, last_day(facts.starts, found.years) if found else None


@transaction.atomic
def elect(
    actor: Actor,
    *,
    organisation: Organisation,
    post: Post,
    holder: Holder,
    facts: TermFacts,
    reason: str = "",
) -> Term:
    """Open a term. An election of the council ends the running term on its eve (届满); so ends a vacancy and who acted.

    Re-elected is said where the holder stays. A by-election or an appointment needs the post to be free: else Fault.
    """
    opened(actor, organisation, post)
    person = _fit(actor, organisation, post, holder)
    if facts.began not in _REGULAR:
        raise Fault(_("产生方式应为换届选举、连选连任、届中补选或任命。"), "began")
    if not post.active:
        raise Fault(_("这项职务已停用，请选择在用的职务。"), "post")
    running = _open_terms(organisation, post)
    lines: Lines = []
    for term in running:
        ended = _gives_way(post, term, person, facts)
        if ended:
            lines.append(_closed(term, facts.starts, ended))
    last = live(Term.objects.filter(organisation=organisation, post=post)).order_by("-starts", "-pk").first()
    number, due = _filled(organisation, post, last, facts)
    stays = facts.began == Term.Began.ELECTED and any(
        term.holder_id == person.pk and not term.acting for term, _before in lines
    )
    began = Term.Began.RE_ELECTED.value if stays else facts.began
    made = _made(organisation, post, person, TermFacts(facts.starts, number, due, began, facts.basis))
    written(actor, Change.Kind.ELECT, terms=[*lines, (made, None)], reason=reason)
    return made


def _last_number(organisation: Organisation, post: Post) -> int | None:
    rows = live(Term.objects.filter(organisation=organisation, post=post, number__isnull=False))
    return rows.order_by("-starts", "-pk").values_list("number", flat=True).first()


@transaction.atomic
def let_act(
    actor: Actor,
    *,
    organisation: Organisation,
    post: Post,
    holder: Holder,
    facts: TermFacts,
    reason: str = "",
) -> Term:
    """Let somebody act in a post; it ends by an election, or when it is ended. Who holds the post cannot act in it."""
    opened(actor, organisation, post)
    person = _fit(actor, organisation, post, holder)
    running = [term for term in _open_terms(organisation, post) if not term.acting]
    if any(term.holder_id == person.pk for term in running):
        raise Fault(_("此人就是现任，不必代理。"), "holder")
    number = facts.number or _last_number(organisation, post)
    made = _made(
        organisation, post, person,
        TermFacts(facts.starts, number, facts.due, Term.Began.ACTING.value, facts.basis),
    )  # fmt: skip
    written(actor, Change.Kind.ACT, terms=[(made, None)], reason=reason)
    return made


@transaction.atomic
def leave_vacant(
    actor: Actor, *, organisation: Organisation, post: Post, facts: TermFacts, reason: str = ""
) -> Term:
    """Put down that nobody holds the post from a day on; the next election ends it."""
    opened(actor, organisation, post)
    if not post.single:
        raise Fault(_("多人担任的职务不登记空缺，请直接登记任职。"), "post")
    made = _made(
        organisation,
        post,
        None,
        TermFacts(facts.starts, facts.number, None, Term.Began.VACANT.value, facts.basis),
    )
    written(actor, Change.Kind.VACATE, terms=[(made, None)], reason=reason)
    return made


def _running(actor: Actor, term: Term) -> Term:
    """The term as stored, once the right was asked and its organisation locked; it must still run."""
    opened(actor, term.organisation, term.post)
    one = Term.objects.select_related("organisation", "post", "holder").get(pk=term.pk)
    if one.withdrawn_at is not None or one.ends is not None:
        raise Fault(_("这个任期已经结束或撤销，请刷新后再看。"))
    return one


@transaction.atomic
def extend(actor: Actor, *, term: Term, to: date, basis: str) -> Term:
    """Put a term's end off, with the approval's number; no further past the statutory end than the dated rule allows.

    Source of the limit: the school's `TermRule` (《社会团体章程示范文本》: one year at most, approved by the authorities).
    """
    one = _running(actor, term)
    if one.due is None or one.holder_id is None:
        raise Fault(_("这个任期没有届满日期，请先更正任期。"), "to")
    if not basis.strip():
        raise Fault(_("请填写批准延期换届的文号。"), "basis")
    if to <= (one.deadline or one.due):
        raise Fault(_("延期须晚于现在的届满日期（%(day)s）。") % {"day": one.deadline}, "to")
    found = rule_on(one.school_id, one.organisation.kind, one.due)
    if found is not None and to > added_months(one.due, found.extension_months):
        words = _("延期最长 %(months)s 个月，到 %(day)s 为止。依据：%(basis)s")
        most = added_months(one.due, found.extension_months)
        raise Fault(words % {"months": found.extension_months, "day": most, "basis": found.basis}, "to")
    before = snapshot(one)
    one.extended_to, one.basis = to, basis.strip()[:100]
    written(actor, Change.Kind.EXTEND, terms=[(one, before)], reason=basis)
    return one


@transaction.atomic
def replace(
    actor: Actor, *, term: Term, holder: Holder, on: date, ended: str = Term.Ended.REPLACED.value, basis: str = "",
    reason: str = "",
) -> Term:  # fmt: skip
    """Another takes over before the term ends: this one ends on the eve, the new one runs to the same day in the same 届."""
    one = _running(actor, term)
    person = _fit(actor, one.organisation, one.post, holder)
    if one.acting or one.holder_id is None:
        raise Fault(_("代理和空缺不办提前更换，请登记补选或任命。"))
    if person.pk == one.holder_id:
        raise Fault(_("新任与现任是同一人，请重新选择。"), "holder")
    if on > (one.deadline or on):
        raise Fault(_("届满之后的更换请按换届登记。"), "on")
    lines: Lines = [_closed(one, on, ended)]
    if one.post.single:
        others = [term for term in _open_terms(one.organisation, one.post) if term.acting]
        lines += [_closed(term, on, Term.Ended.FILLED.value) for term in others]
    facts = TermFacts(on, one.number, one.deadline, Term.Began.BY_ELECTION.value, basis)
    made = _made(one.organisation, one.post, person, facts)
    written(actor, Change.Kind.REPLACE, terms=[*lines, (made, None)], reason=reason)
    return made


@transaction.atomic
def end(actor: Actor, *, term: Term, on: date, ended: str, reason: str = "") -> Term:
    """End a term, `on` being its last day; the post then stands vacant."""
    one = _running(actor, term)
    if on < one.starts:
        raise Fault(_("离任日期不能早于任职起（%(day)s）。") % {"day": one.starts}, "on")
    before = snapshot(one)
    one.ends, one.ended = on, ended
    written(actor, Change.Kind.END, terms=[(one, before)], reason=reason)
    return one


@transaction.atomic
def correct(actor: Actor, *, term: Term, facts: Mapping[str, Any], reason: str) -> Term:
    """Set right what was entered wrongly, with the reason; ended terms too. Raises Conflict where days then overlap."""
    opened(actor, term.organisation, term.post)
    one = Term.objects.select_related("organisation", "post").get(pk=term.pk)
    if one.withdrawn_at is not None:
        raise Fault(_("这条任期已撤销，不能更正。"))
    if not reason.strip():
        raise Fault(_("请写明更正的原因。"), "reason")
    before = snapshot(one)
    for name in FIELDS:
        if name in facts:
            setattr(one, name, facts[name])
    if "holder" in facts and facts["holder"] is not None:
        one.holder = _fit(actor, one.organisation, one.post, facts["holder"])
    one.acting = one.began == Term.Began.ACTING
    if snapshot(one) == before:
        raise Fault(_("没有改动，不必更正。"))
    written(actor, Change.Kind.CORRECT, terms=[(one, before)], reason=reason)
    return one


@transaction.atomic
def enter(
    actor: Actor, *, organisation: Organisation, post: Post, holder: Holder | None, facts: TermFacts
) -> Term:
    """Take one line of a list in: a past term as it stood, a running one as an election; again it changes nothing."""
    person = _fit(actor, organisation, post, holder) if holder is not None else None
    same = live(
        Term.objects.filter(organisation=organisation, post=post, starts=facts.starts, holder=person)
    ).first()
    if same is not None:
        return same
    if facts.ends is not None:
        opened(actor, organisation, post)
        made = _made(organisation, post, person, facts)
        written(actor, Change.Kind.ELECT, terms=[(made, None)], reason=_("名单导入"))
        return made
    about: dict[str, Any] = {
        "organisation": organisation,
        "post": post,
        "facts": facts,
        "reason": _("名单导入"),
    }
    if person is None:
        return leave_vacant(actor, **about)
    if facts.began == Term.Began.ACTING:
        return let_act(actor, holder=person, **about)
    return elect(actor, holder=person, **about)
