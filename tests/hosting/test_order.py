from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.hosting.rules.order import Choice, Entry, State, apply, choose, lot_of, replay, share_of

DAY = date(2020, 1, 1)
FIELDS = ("理科", "工科", "农科", "医科")
moderate = settings(max_examples=50, deadline=None)


class Log:
    """A log kept by hand, with the state it leaves."""

    def __init__(self, window: int = 0, seed: str = "演示") -> None:
        self.entries: list[Entry] = []
        self.state, self.window, self.turn = State(seed), window, 0

    def put(self, kind: str, **facts: Any) -> Choice | None:
        self.entries.append(Entry(len(self.entries) + 1, kind, facts))
        return apply(self.state, self.entries[-1])

    def join(self, society: int, field: str = "理科", day: date = DAY) -> None:
        self.put("join", society=society, field=field, day=day.isoformat())

    def day_of(self, turn: int) -> date:
        return DAY + timedelta(days=30 * turn)

    def serve(self, passed: tuple[int, ...] = ()) -> int | None:
        """The next turn, drawn; whom it fell on."""
        self.turn += 1
        day = self.day_of(self.turn)
        chosen = choose(self.state, day, passed=passed, window=self.window).society
        if chosen is not None:
            self.put(
                "draw", turn=self.turn, day=day.isoformat(), weight="1", society=chosen,
                passed=[str(pk) for pk in passed], window=self.window, tolerance=1,
            )  # fmt: skip
        return chosen


def of(count: int, window: int = 0, seed: str = "演示", fields: int = 1) -> Log:
    log = Log(window, seed)
    for pk in range(1, count + 1):
        log.join(pk, FIELDS[pk % fields])
    return log


def test_never_served_stand_by_the_day_they_joined_and_then_by_lot() -> None:
    log = Log()
    for pk in (1, 2, 3, 4):
        log.join(pk, day=DAY + timedelta(days=1 if pk == 1 else 0))
    order = [one.society for one in choose(log.state, DAY).order]
    assert order == [*sorted((2, 3, 4), key=lambda pk: lot_of("演示", pk)), 1]


def test_another_seed_draws_other_lots_and_the_same_seed_the_same() -> None:
    orders = {tuple(one.society for one in choose(of(9, seed=str(n)).state, DAY).order) for n in range(6)}
    assert len(orders) == 6
    assert choose(of(9).state, DAY) == choose(of(9).state, DAY)


def test_who_was_exempt_for_two_rounds_is_asked_once_when_back_and_not_three_times() -> None:
    log = of(4)
    for _turn in range(6):
        log.serve(passed=(1,))
    assert [log.serve() for _turn in range(5)].count(1) == 2
    assert log.turn == 11


def test_a_late_joiner_waits_for_the_round_and_owes_none_of_those_before() -> None:
    log = of(3)
    for _turn in range(5):
        log.serve()
    log.join(9, day=log.day_of(5))
    later = [log.serve() for _turn in range(5)]
    assert later[0] != 9
    assert later.count(9) == 1


def test_half_a_turn_counts_half_and_a_jump_counts_more() -> None:
    log = of(3)
    first, second, third = (one.society for one in choose(log.state, DAY).order)
    log.put("help", turn=50, society=first, day=log.day_of(0).isoformat(), weight="0.5")
    assert [log.serve(), log.serve()] == [second, third]
    assert log.serve() == first
    log.put("jump", turn=60, society=second, day=log.day_of(9).isoformat(), weight="1.5")
    levels = {one.society: one.level for one in log.state.ranked()}
    assert levels == {first: Decimal("1.5"), second: Decimal("2.5"), third: Decimal(1)}


def test_a_cancelled_turn_returns_to_the_place_it_came_from() -> None:
    log = of(5)
    log.serve()
    before = [one.society for one in choose(log.state, DAY).order]
    chosen = log.serve()
    assert chosen == before[0]
    log.put("free", turn=log.turn, society=chosen, why="cancelled")
    assert [one.society for one in choose(log.state, DAY).order] == before


def test_a_swap_changes_who_hosts_when_and_nobody_elses_place() -> None:
    log = of(5)
    first, second = log.serve(), log.serve()
    others = [one.society for one in choose(log.state, DAY).order if one.society not in (first, second)]
    log.put("swap", turn=1, other=2)
    assert log.state.held[1].society == second
    order = [one.society for one in choose(log.state, DAY).order]
    assert order[:3] == others
    assert order[3:] == [second, first]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("serve"), st.just(0)),
        st.tuples(st.sampled_from(("refuse", "cancel", "swap", "join", "exempt", "back")), st.integers(1, 7)),
    ),
    max_size=40,
)


class Year:
    """A rota living through refusals, deferrals, cancellations, swaps, joins and exemptions."""

    def __init__(self, window: int, fields: int) -> None:
        self.log, self.fields = of(7, window, fields=fields), fields
        self.exempt: set[int] = set()
        self.always = set(range(1, 8))
        self.served: dict[int, list[int]] = {}
        self.next = 8

    def live(self, step: str, who: int) -> None:
        if step == "refuse":
            # Whoever refuses this turn is passed over at this turn only.
            self._serve((choose(self.log.state, DAY).order or (None,))[0])
        elif step == "serve":
            self._serve(None)
        elif step == "join":
            self.log.join(self.next, FIELDS[self.next % self.fields], self.log.day_of(self.log.turn))
            self.next += 1
        elif step == "exempt":
            self.exempt.add(who)
            self.always.discard(who)
        elif step == "back":
            self.exempt.discard(who)
        elif step == "cancel" and self.log.turn in self.log.state.held:
            held = self.log.state.held[self.log.turn].society
            self.log.put("free", turn=self.log.turn, society=held, why="cancelled")
        elif step == "swap":
            turns = sorted(self.log.state.held)[-2:]
            if len(turns) == 2:
                self.log.put("swap", turn=turns[0], other=turns[1])

    def _serve(self, refused: Any) -> None:
        passed = {*self.exempt, *([refused.society] if refused else [])}
        if refused:
            self.always.discard(refused.society)
        self.log.serve(tuple(sorted(passed)))

    def counts(self) -> list[int]:
        hosts = [held.society for held in self.log.state.held.values()]
        return [hosts.count(pk) for pk in self.always]


@moderate
@given(steps)
def test_whatever_others_do_turns_of_the_continuously_eligible_differ_by_one_at_most(taken: Any) -> None:
    year = Year(0, 1)
    for step, who in taken:
        year.live(step, who)
        counts = year.counts() or [0]
        assert max(counts) - min(counts) <= 1


@moderate
@given(steps, st.integers(2, 9))
def test_with_the_balance_they_differ_by_two_at_most(taken: Any, window: int) -> None:
    year = Year(window, 4)
    for step, who in taken:
        year.live(step, who)
        counts = year.counts() or [0]
        assert max(counts) - min(counts) <= 2


@moderate
@given(steps, st.integers(2, 9))
def test_the_order_is_the_replay_of_the_log_and_a_changed_line_shows(taken: Any, window: int) -> None:
    year = Year(window, 4)
    for step, who in taken:
        year.live(step, who)
    again = replay("演示", year.log.entries)
    assert not again.wrong
    assert again.state == year.log.state
    draws = [n for n, one in enumerate(year.log.entries) if one.kind == "draw"]
    if draws:
        at, entries = draws[-1], list(year.log.entries)
        other = next(pk for pk in range(1, 8) if pk != entries[at].facts["society"])
        entries[at] = Entry(entries[at].seq, "draw", {**entries[at].facts, "society": other})
        assert replay("演示", entries).wrong == [entries[at].seq]


@moderate
@given(st.integers(2, 9), st.integers(0, 20), st.integers(1, 25))
def test_nobodys_turn_comes_later_because_another_refused(size: int, before: int, later: int) -> None:
    held, refused = of(size), of(size)
    for _turn in range(before):
        held.serve()
        refused.serve()
    who = held.serve() or 0
    assert choose(refused.state, DAY).order[0].society == who
    refused.serve(passed=(who,))
    places = {one.society: n for n, one in enumerate(choose(held.state, DAY).order)}
    hosted = refused.state.held[refused.turn].society
    for n, one in enumerate(choose(refused.state, DAY).order):
        assert one.society in (who, hosted) or n <= places[one.society]
    for _turn in range(later):
        held.serve()
        refused.serve()
        for pk in set(range(1, size + 1)) - {who}:
            turns = [sum(h.society == pk for h in log.state.held.values()) for log in (held, refused)]
            assert turns[1] >= turns[0]


@moderate
@given(st.integers(3, 24), st.integers(4, 12), st.integers(1, 40))
def test_no_field_holds_more_than_its_share_and_one_within_a_window(
    size: int, window: int, turns: int
) -> None:
    log = of(size, window, fields=3)
    sizes = {name: sum(m.field == name for m in log.state.members.values()) for name in FIELDS[:3]}
    for _turn in range(turns):
        log.serve()
        fields = [log.state.members[held.society].field for _t, held in sorted(log.state.held.items())][
            -window:
        ]
        assert fields.count(fields[-1]) <= share_of(sizes[fields[-1]], size, window) + 1


@moderate
@given(st.permutations(range(1, 9)))
def test_the_order_does_not_hang_on_the_sequence_in_which_units_are_listed(listed: Any) -> None:
    log = Log()
    for pk in listed:
        log.join(pk)
    assert [log.serve() for _turn in range(8)] == [
        of(8).serve(),
        *[log.state.held[n].society for n in range(2, 9)],
    ]
    assert [one.society for one in choose(of(8).state, DAY).order] == sorted(
        range(1, 9), key=lambda pk: lot_of("演示", pk)
    )
