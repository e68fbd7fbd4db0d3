"""Duties follow terms: opened once, after elections, replacements and corrections, and they lapse with the term."""

from datetime import date
from typing import Any

from keyuan.duty import actions
from keyuan.duty.models import Duty
from keyuan.duty.queries import board
from keyuan.duty.queries.board import Wanted
from keyuan.terms import actions as terms
from keyuan.terms.models import Change, Term
from tests.duty.ground import Ground

START, LATER = date(2021, 5, 20), date(2022, 1, 20)


def states(ground: Ground, on: date, **wanted: str) -> dict[str, str]:
    """Name and 届 → the state of 听一课 on the board."""
    rows = board.meant(ground.office, Wanted(**wanted), on)
    lines = board.lines_of(board.terms_of(ground.office, rows, Wanted(**wanted), on, ""), on)
    found: dict[str, str] = {}
    for line in lines:
        duty: Any = line.attend
        holder = line.term.holder
        found[f"{holder.name if holder else ''}{line.term.number or ''}"] = str(duty.state)
    return found


def test_a_term_owes_two_duties_once_and_two_societies_are_four(owing: Ground) -> None:
    owing.elect(0, START)
    owing.elect(0, START, at=1)
    assert owing.open(LATER) == 4
    assert owing.open(LATER) == 0
    assert sorted(Duty.objects.values_list("kind", "term__organisation__name")) == [
        ("attend", "演示省数学学会"), ("attend", "演示省物理学会"), ("lecture", "演示省数学学会"), ("lecture", "演示省物理学会"),
    ]  # fmt: skip
    owing.elect(1, START, duty="secretary_general")
    assert owing.open(LATER) == 0


def test_the_board_after_an_election_a_replacement_and_a_lapsed_term(owing: Ground) -> None:
    first = owing.elect(0, START, number=5)
    owing.elect(1, START, at=1, number=3)
    owing.open(START)
    terms.replace(owing.office, term=first, holder=owing.people[2], on=LATER)
    assert owing.open(LATER) == 2
    # Replaced after eight months: a closed duty stays behind, the successor has two of their own.
    assert states(owing, LATER) == {"演示丙5": "open", "演示乙3": "open"}
    assert states(owing, LATER, year="2021") == {"演示甲5": "lapsed", "演示乙3": "open"}
    assert states(owing, LATER, year="2022", number="5") == {"演示甲5": "lapsed", "演示丙5": "open"}
    # The day the second term should end passes without an election: overdue, not lapsed.
    assert states(owing, date(2026, 5, 21)) == {"演示丙5": "overdue", "演示乙3": "overdue"}
    owing.elect(1, date(2026, 6, 1), at=1)
    owing.open(date(2026, 6, 2))
    assert states(owing, date(2026, 6, 2)) == {"演示丙5": "overdue", "演示乙4": "open"}
    assert states(owing, date(2026, 6, 2), year="2026") == {
        "演示丙5": "overdue", "演示乙3": "lapsed", "演示乙4": "open",
    }  # fmt: skip
    counts = board.counted(board.meant(owing.office, Wanted(year="2026"), date(2026, 6, 2)))
    assert {state: n for state, n in counts["lecture"].items() if n} == {"overdue": 1, "lapsed": 1, "open": 1}


def test_a_withdrawn_term_leaves_the_board_and_a_corrected_one_moves_its_set_date(owing: Ground) -> None:
    facts = {
        "kind": "attend", "organisation_kind": "society", "post_duty": "president", "owed": True,
        "since": date(2021, 1, 1), "acting": False, "months": 24, "basis": "演示",
    }  # fmt: skip
    actions.set_owed(owing.office, facts=facts)
    term = owing.elect(0, START)
    owing.open(LATER)
    assert owing.duty().due == date(2023, 5, 20)
    assert owing.duty("lecture").due is None
    Term.objects.filter(pk=term.pk).update(starts=date(2021, 6, 1))
    assert owing.open(LATER) == 0
    assert owing.duty().due == date(2023, 6, 1)
    terms.undo(owing.office, change=Change.objects.latest("pk"))
    assert states(owing, LATER) == {}
    assert owing.open(LATER) == 0


def test_an_acting_president_owes_nothing_unless_the_rule_says_so(owing: Ground) -> None:
    terms.let_act(
        owing.office, organisation=owing.societies[0], post=owing.post(), holder=owing.people[3],
        facts=terms.TermFacts(START),
    )  # fmt: skip
    assert owing.open(LATER) == 0
    facts = {
        "kind": "lecture", "organisation_kind": "society", "post_duty": "president", "owed": True,
        "since": date(2021, 12, 1), "acting": True, "months": None, "basis": "演示",
    }  # fmt: skip
    actions.set_owed(owing.office, facts=facts)
    assert owing.open(LATER) == 1
    # A rule that ends opens no more; what was opened stays.
    actions.set_owed(owing.office, facts={**facts, "since": date(2022, 2, 1), "owed": False})
    owing.elect(1, date(2022, 3, 1))
    assert owing.open(date(2022, 4, 1)) == 1
    assert list(Duty.objects.filter(term__holder=owing.people[1]).values_list("kind", flat=True)) == [
        "attend"
    ]
