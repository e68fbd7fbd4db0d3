"""Who holds what on a day, what ends when; intervals whatever is done; names as of a day."""

import itertools
from datetime import date, timedelta

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.kernel.access import visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import IssuedPaper
from keyuan.orgs import actions as orgs
from keyuan.orgs.queries import matching, name_on, names_of
from keyuan.people import actions as people
from keyuan.terms import actions, queries
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Change, Term
from keyuan.terms.queries import board, history
from keyuan.terms.rules import added_months, last_day
from tests import factories
from tests.terms.conftest import START, Ground, again, build

NEXT = date(2016, 5, 20)


def test_a_term_past_its_end_goes_on_until_it_is_ended(ground: Ground) -> None:
    term = ground.elect()
    at, post = ground.societies[0], ground.post()
    assert queries.holder_of(at, post, START - timedelta(days=1)) is None
    assert queries.holder_of(at, post, date(2018, 1, 1)) == ground.people[0]
    actions.end(ground.office, term=term, on=date(2017, 12, 31), ended="expired")
    assert queries.holder_of(at, post, date(2018, 1, 1)) is None


def test_the_house_asks_by_duty_and_by_person(ground: Ground) -> None:
    ground.elect(0)
    ground.elect(0, at=1, duty="president")
    ground.elect(1, duty="secretary_general")
    school, on = ground.academy.school.pk, date(2012, 1, 1)
    assert [t.organisation for t in queries.current_terms(school, ("president",), on)] == ground.societies
    assert not queries.current_terms(school, ("president",), on, kinds=("city_association",)).exists()
    assert len(queries.term_of(ground.people[0], on)) == 2
    assert len(queries.ending_between(school, date(2016, 5, 19), date(2016, 5, 19))) == 3
    other = factories.build("other").school.pk
    assert not queries.current_terms(other, ("president",), on).exists()
    assert not queries.ending_between(other, START, NEXT).exists()


def test_the_board_tells_vacant_from_unrecorded_and_overdue_from_serving(ground: Ground) -> None:
    first = ground.elect()
    actions.end(ground.office, term=first, on=date(2012, 1, 1), ended="moved")
    ground.elect(1, duty="secretary_general")
    lines = {(line.unit, line.called): line for line in board.lines(ground.office, date(2016, 3, 1))}
    vacant, serving = lines["演示省数学学会", "理事长"], lines["演示省数学学会", "秘书长"]
    assert (vacant.state, vacant.vacant_since) == ("vacant", date(2012, 1, 1))
    assert (serving.state, serving.holder) == ("serving", "演示乙")
    assert lines["演示省物理学会", "理事长"].state == "unknown"
    every = board.lines(ground.office, date(2016, 6, 1))
    assert {line.state for line in every if line.holder} == {"overdue"}
    soon = board.narrowed(
        board.lines(ground.office, date(2016, 3, 1)), board.Wanted(within="3"), date(2016, 3, 1)
    )
    assert [line.holder for line in soon] == ["演示乙"]
    before = board.narrowed(every, board.Wanted(before=date(2016, 5, 20)), date(2016, 6, 1))
    assert len(before) == 1


def test_a_liaison_sees_the_own_unit_and_everybody_the_own_terms(ground: Ground) -> None:
    ground.elect()
    seat = factories.seat(ground.academy, "math", factories.Role.LIAISON, ground.societies[0])
    assert visible(ground.academy.actor("math"), Term).count() == 1
    assert visible(ground.academy.actor("liaison"), Term).count() == 0
    assert {line.unit for line in board.lines(ground.academy.actor("math"), START)} == {"演示省数学学会"}
    assert seat
    assert not visible(factories.build("other").registrar, Term).exists()


def test_the_board_costs_the_same_for_any_number_of_rows(ground: Ground, django_assert_num_queries) -> None:
    ground.elect()
    board.lines(ground.office, START)
    with django_assert_num_queries(5):
        board.lines(ground.office, START)
    ground.elect(1, at=1)
    for at in (0, 1):
        ground.elect(2, duty="secretary_general", at=at)
    with django_assert_num_queries(5):
        board.lines(ground.office, START)


def test_what_the_room_keeps_is_in_the_own_export(ground: Ground) -> None:
    ground.elect(number=7)
    assert people.EXPORTS["任职"](ground.office, ground.people[0])[0]["职务"] == "理事长（第 7 届）"


# --- names -----------------------------------------------------------------------------------------


def test_an_organisation_is_called_what_it_was_called_on_the_day(ground: Ground) -> None:
    one = ground.societies[0]
    one = orgs.rename(
        ground.office, organisation=one, name="演示省数学与应用学会", on=date(2015, 1, 1), basis="演示批复"
    )
    one = orgs.rename(ground.office, organisation=one, name="演示省大数学会", on=date(2018, 1, 1))
    days = (date(2014, 12, 31), date(2015, 1, 1), date(2017, 12, 31), date(2018, 1, 1))
    assert [name_on(one, day) for day in days] == [
        "演示省数学学会", "演示省数学与应用学会", "演示省数学与应用学会", "演示省大数学会",
    ]  # fmt: skip
    assert names_of([one])[one.pk][1].basis == "演示批复"
    assert "演示省数学学会" in {line.unit for line in board.lines(ground.office, date(2014, 1, 1))}
    for words in ("演示省数学学会", "大数学会"):
        assert list(matching(visible(ground.office, type(one)), words)) == [one]
    with pytest.raises(Fault, match="早于"):
        orgs.rename(ground.office, organisation=one, name="演示省小数学会", on=date(2016, 1, 1))
    with pytest.raises(Fault, match="已有单位"):
        orgs.rename(ground.office, organisation=one, name="演示省物理学会", on=date(2019, 1, 1))
    one = orgs.undo_rename(ground.office, organisation=one)
    assert (one.name, name_on(one, date(2020, 1, 1))) == ("演示省数学与应用学会", "演示省数学与应用学会")


def test_search_finds_an_organisation_by_a_former_name(ground: Ground) -> None:
    from keyuan.kernel import search

    orgs.rename(ground.office, organisation=ground.societies[0], name="演示省算学会", on=date(2015, 1, 1))
    found = search.find(ground.office, "演示省数学学会")
    assert "演示省算学会" in [hit.title for group in found for hit in group.hits]


def test_a_paper_issued_before_keeps_the_old_name(ground: Ground) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.db import DatabaseError, transaction

    from keyuan.kernel.papers import issuing, numbering

    one = ground.societies[0]
    series = numbering.open_series(ground.academy.school.pk, "certificate", "演示培")
    paper = issuing.issue(
        ground.office, kind="certificate", series=series, owner=ContentType.objects.order_by("pk")[0], title="演示班",
        facts={"organisation": one.name}, person_id=ground.people[0].pk, holder_name="演示甲", year=2014,
        render=lambda _stamp: one.name.encode(),
    )  # fmt: skip
    orgs.rename(ground.office, organisation=one, name="演示省算学会", on=date(2015, 1, 1))
    kept = IssuedPaper.objects.get(pk=paper.pk)
    assert kept.facts["organisation"] == "演示省数学学会"
    assert issuing.content(kept).decode() == "演示省数学学会"
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedPaper.objects.filter(pk=paper.pk).update(facts={"organisation": "演示省算学会"})


# --- intervals, whatever is done -------------------------------------------------------------------

OFFSETS = st.integers(0, 4000)
STEPS = st.lists(
    st.tuples(st.sampled_from(("elect", "by", "act", "vacate", "extend", "replace", "end", "undo")), OFFSETS, st.integers(0, 3)),
    min_size=1, max_size=12,
)  # fmt: skip


def _step(ground: Ground, what: str, day: date, who: int) -> None:
    at, post, person = ground.societies[0], ground.post(), ground.people[who]
    running = (
        Term.objects.filter(organisation=at, post=post, ends=None, withdrawn_at=None).order_by("pk").first()
    )
    about = {"organisation": at, "post": post, "facts": TermFacts(day)}
    if what in {"elect", "by"}:
        ground.elect(who, day, began="elected" if what == "elect" else "by_election")
    elif what == "act":
        actions.let_act(ground.office, holder=person, **about)
    elif what == "vacate":
        actions.leave_vacant(ground.office, **about)
    elif what == "undo":
        change = history.last_step(at.pk, post.pk)
        if change is not None:
            actions.undo(ground.office, change=change)
    elif running is not None and what == "extend":
        actions.extend(ground.office, term=running, to=day, basis="演示")
    elif running is not None and what == "replace":
        actions.replace(ground.office, term=running, holder=person, on=day)
    elif running is not None:
        actions.end(ground.office, term=running, on=day, ended="moved")


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_two_holders_on_one_day_whatever_is_done(db: None, steps: list[tuple[str, int, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        ground = build()
        for what, offset, who in steps:
            try:
                _step(ground, what, START + timedelta(days=offset), who)
            except Fault:
                continue
            live = list(Term.objects.filter(withdrawn_at=None))
            for acting in (True, False):
                some = sorted((t for t in live if t.acting == acting), key=lambda t: t.starts)
                for one, following in itertools.pairwise(some):
                    assert one.ends is not None
                    assert one.ends < following.starts
        # Taking everything back ends with nothing held, and every step still written.
        while (change := history.last_step(ground.societies[0].pk, ground.post().pk)) is not None:
            actions.undo(ground.office, change=change)
        assert not Term.objects.filter(withdrawn_at=None).exists()
        assert not Change.objects.filter(~Q(kind="undo"), undone_by=None).exists()
        transaction.set_rollback(True)


@given(starts=st.dates(date(1950, 1, 1), date(2100, 1, 1)), years=st.integers(1, 10))
def test_the_day_after_a_term_is_its_beginning_so_many_years_on(starts: date, years: int) -> None:
    following = last_day(starts, years) + timedelta(days=1)
    assert following.year == starts.year + years
    assert (following.month, following.day) in {(starts.month, starts.day), (2, 28)}
    assert added_months(starts, 12 * years) == following


def test_overlapping_holders_are_named_in_the_refusal(ground: Ground) -> None:
    ground.elect()
    second = ground.elect(1, NEXT)
    with pytest.raises(Fault, match="演示乙"):
        actions.correct(
            ground.office,
            term=again(Term.objects.exclude(pk=second.pk).get()),
            facts={"ends": date(2017, 1, 1)},
            reason="演示",
        )
