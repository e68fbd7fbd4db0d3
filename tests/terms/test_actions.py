"""Electing, acting, extending, replacing, ending, correcting, and every step taken back."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from keyuan.kernel import audit
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry
from keyuan.people.actions import merging
from keyuan.people.models import Person
from keyuan.terms import actions, queries
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Change, Post, Term
from tests import factories
from tests.terms.conftest import START, Ground, again

DAY = timedelta(days=1)
NEXT = date(2016, 5, 20)


def last(ground: Ground, duty: str = "president", at: int = 0) -> Change:
    rows = Change.objects.filter(organisation=ground.societies[at], post=ground.post(duty), undone_by=None)
    return rows.exclude(kind="undo").order_by("-pk")[0]


def state_of(ground: Ground) -> list[tuple[object, ...]]:
    names = ("pk", "holder_id", "starts", "due", "extended_to", "ends", "ended", "began", "number")
    return list(Term.objects.filter(withdrawn_at=None).order_by("pk").values_list(*names))


def test_a_council_lasts_what_the_dated_rule_says(ground: Ground) -> None:
    assert ground.elect().due == date(2016, 5, 19)
    actions.set_rule(
        ground.office, kind="society", since=date(2012, 1, 1), years=4, extension_months=6, basis="演示章程"
    )
    assert ground.elect(1, NEXT).due == date(2020, 5, 19)


def test_an_election_ends_the_running_term_and_counts_on(ground: Ground) -> None:
    first = ground.elect(number=7)
    second = ground.elect(1, NEXT)
    first = again(first)
    assert (first.ends, first.ended) == (NEXT - DAY, "expired")
    assert (second.number, second.began, second.due) == (8, "elected", date(2021, 5, 19))


def test_who_stays_is_re_elected(ground: Ground) -> None:
    ground.elect(number=7)
    assert ground.elect(0, NEXT).began == "re_elected"


def test_a_by_election_needs_the_post_to_be_free_and_keeps_the_council(ground: Ground) -> None:
    first = ground.elect(number=7)
    with pytest.raises(Fault, match="仍在任"):
        ground.elect(1, date(2013, 1, 1), began="by_election")
    actions.end(ground.office, term=first, on=date(2012, 12, 31), ended="moved")
    second = ground.elect(1, date(2013, 3, 1), began="by_election")
    assert (second.number, second.due) == (7, first.due)


def test_several_vice_presidents_at_once_but_nobody_twice(ground: Ground) -> None:
    ground.elect(0, duty="vice_president")
    ground.elect(1, duty="vice_president")
    with pytest.raises(Fault):
        ground.elect(1, duty="vice_president")
    assert Term.objects.filter(ends=None).count() == 2


def test_somebody_acts_until_an_election(ground: Ground) -> None:
    first = ground.elect(number=7)
    actions.end(ground.office, term=first, on=date(2012, 12, 31), ended="resigned")
    acting = actions.let_act(
        ground.office, organisation=ground.societies[0], post=ground.post(), holder=ground.people[1],
        facts=TermFacts(date(2013, 1, 1)),
    )  # fmt: skip
    assert queries.holder_of(ground.societies[0], ground.post(), date(2013, 2, 1)) == ground.people[1]
    ground.elect(2, date(2013, 3, 1), began="by_election")
    assert (again(acting).ends, again(acting).ended) == (date(2013, 2, 28), "filled")


def test_a_vacancy_is_filled_by_the_election(ground: Ground) -> None:
    gap = actions.leave_vacant(
        ground.office, organisation=ground.societies[0], post=ground.post(), facts=TermFacts(START)
    )
    ground.elect(0, START + 30 * DAY)
    assert again(gap).ends == START + 29 * DAY
    same_day = actions.leave_vacant(
        ground.office, organisation=ground.societies[1], post=ground.post(), facts=TermFacts(START)
    )
    ground.elect(1, START, at=1)
    assert again(same_day).withdrawn_at is not None


def test_a_delay_needs_an_approval_and_ends_where_the_rule_says(ground: Ground) -> None:
    term = ground.elect()
    with pytest.raises(Fault, match="文号"):
        actions.extend(ground.office, term=term, to=date(2016, 12, 1), basis=" ")
    with pytest.raises(Fault, match="最长 12 个月"):
        actions.extend(ground.office, term=term, to=date(2017, 5, 20), basis="演示 1 号")
    actions.extend(ground.office, term=term, to=date(2017, 5, 19), basis="演示 1 号")
    term = again(term)
    assert (term.due, term.deadline) == (date(2016, 5, 19), date(2017, 5, 19))


def test_an_early_replacement_runs_to_the_same_day(ground: Ground) -> None:
    term = ground.elect(number=7)
    new = actions.replace(ground.office, term=term, holder=ground.people[1], on=date(2012, 1, 10))
    assert (again(term).ends, again(term).ended) == (date(2012, 1, 9), "replaced")
    assert (new.due, new.number, new.began) == (term.due, 7, "by_election")
    with pytest.raises(Fault):
        actions.replace(ground.office, term=term, holder=ground.people[2], on=date(2012, 2, 1))


def test_a_correction_says_why_and_never_lets_two_terms_overlap(ground: Ground) -> None:
    first = ground.elect()
    ground.elect(1, NEXT)
    with pytest.raises(Fault, match="原因"):
        actions.correct(ground.office, term=first, facts={"number": 7}, reason="")
    with pytest.raises(Conflict, match="重叠"):
        actions.correct(ground.office, term=first, facts={"ends": NEXT + DAY}, reason="演示")
    actions.correct(ground.office, term=first, facts={"number": 7}, reason="届次填错")
    assert again(first).number == 7


def test_every_step_is_taken_back_in_turn_and_nothing_is_deleted(ground: Ground) -> None:
    seen = [state_of(ground)]
    first = ground.elect(number=7)
    seen.append(state_of(ground))
    actions.extend(ground.office, term=first, to=date(2016, 11, 19), basis="演示 1 号")
    seen.append(state_of(ground))
    actions.replace(ground.office, term=again(first), holder=ground.people[1], on=date(2012, 1, 10))
    seen.append(state_of(ground))
    ground.elect(2, NEXT)
    old = Change.objects.order_by("pk")[0]
    with pytest.raises(Conflict):
        actions.undo(ground.office, change=old)
    for before in reversed(seen):
        actions.undo(ground.office, change=last(ground))
        assert state_of(ground) == before
    assert Term.objects.count() == 3
    assert Change.objects.filter(kind="undo").count() == 4
    assert audit.verify() is None
    assert AuditEntry.objects.filter(action__startswith="terms.").count() == 9


def test_an_undoing_is_done_once(ground: Ground) -> None:
    ground.elect()
    change = last(ground)
    actions.undo(ground.office, change=change)
    with pytest.raises(Conflict):
        actions.undo(ground.office, change=change)


def test_undoing_after_a_merge_gives_the_term_to_the_kept_record(ground: Ground) -> None:
    term = ground.elect(1)
    actions.correct(ground.office, term=term, facts={"number": 7}, reason="演示")
    security = factories.seat(ground.academy, "second", factories.Role.REGISTRAR)
    merge = merging.propose(ground.office, kept=ground.people[0], gone=ground.people[1], reason="演示同一人")
    merging.approve(ground.academy.actor("second"), merge=merge)
    assert security
    assert again(term).holder_id == ground.people[0].pk
    actions.undo(ground.office, change=last(ground))
    assert (again(term).holder_id, again(term).number) == (ground.people[0].pk, None)


def test_a_new_name_is_registered_with_the_term(ground: Ground) -> None:
    term = actions.elect(
        ground.office, organisation=ground.societies[0], post=ground.post(), holder="演示新人",
        facts=TermFacts(START),
    )  # fmt: skip
    assert term.holder is not None
    assert (term.holder.organisation, term.holder.post_title) == (ground.societies[0], "理事长")


def test_only_the_registrar_writes_and_only_in_the_own_school(ground: Ground) -> None:
    term = ground.elect()
    other = factories.build("other")
    for actor in (ground.academy.actor("head"), ground.academy.actor("liaison"), other.registrar):
        with pytest.raises(Forbidden):
            actions.end(actor, term=term, on=date(2012, 1, 1), ended="moved")
    stranger = factories.person(other, "演示外人")
    with pytest.raises(Fault, match="本校"):
        actions.elect(
            ground.office, organisation=ground.societies[1], post=ground.post(), holder=stranger,
            facts=TermFacts(START),
        )  # fmt: skip
    with pytest.raises(Fault, match="不属于"):
        actions.elect(
            ground.office, organisation=ground.academy.units[0], post=ground.post(), holder=ground.people[0],
            facts=TermFacts(START),
        )  # fmt: skip


def test_posts_are_renamed_from_a_day_on_and_stay_what_they_are_once_held(ground: Ground) -> None:
    post = ground.post()
    actions.rename_post(ground.office, post=post, name="会长", on=date(2014, 1, 1))
    from keyuan.terms.queries.history import post_name_on

    post.refresh_from_db()
    assert (post_name_on(post, date(2013, 12, 31)), post_name_on(post, date(2014, 1, 1))) == (
        "理事长",
        "会长",
    )
    ground.elect()
    with pytest.raises(Conflict):
        actions.save_post(ground.office, post=Post.objects.get(pk=post.pk), facts={"single": False})
    assert actions.load_defaults(ground.office, school=ground.academy.school) == 0


def test_the_database_itself_refuses_two_holders_and_forgets_nothing(ground: Ground) -> None:
    term = ground.elect()
    about = {"school": ground.academy.school, "organisation": ground.societies[0], "post": ground.post()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(**about, holder=ground.people[1], starts=date(2012, 1, 1), began="elected")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(ends=START - DAY, ended="moved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(organisation=ground.societies[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(
            **{**about, "organisation": ground.academy.units[0]},
            holder=ground.people[1],
            starts=START,
            began="elected",
        )
    for rows in (Term.objects.all(), Change.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        Change.objects.update(reason="演示")


def test_erasing_somebody_leaves_the_term_without_a_name(ground: Ground) -> None:
    from keyuan.kernel import erasure

    term = ground.elect()
    erasure.erase(ground.office, person_id=ground.people[0].pk)
    assert again(term).holder == Person.objects.get(pk=ground.people[0].pk)
    assert again(term).holder.name == "已注销"
