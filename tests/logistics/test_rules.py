"""Dividing people: whatever the class, nobody is lost, nothing is overfilled, locks hold."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keyuan.logistics.rules import grouping, lodging, riding, seating

traits = st.tuples(
    st.sampled_from("甲乙丙丁"), st.sampled_from(["男", "女", ""]), st.sampled_from(["理", "工", ""])
)


@st.composite
def classes(draw: st.DrawFn) -> tuple[list[grouping.Member], int, dict[int, int]]:
    kinds = draw(st.lists(traits, min_size=1, max_size=40))
    members = [grouping.Member(at, unit, sex, field) for at, (unit, sex, field) in enumerate(kinds)]
    groups = draw(st.integers(1, len(members)))
    keys = draw(st.sets(st.integers(0, len(members) - 1), max_size=6))
    return members, groups, {key: draw(st.integers(1, groups)) for key in keys}


@given(classes())
def test_a_proposal_is_a_partition_with_locks_kept_and_sizes_as_equal_as_they_allow(
    drawn: tuple[list[grouping.Member], int, dict[int, int]],
) -> None:
    members, groups, locks = drawn
    found = grouping.propose(members, groups, locks)
    assert found.keys() == {member.key for member in members}
    assert set(found.values()) <= set(range(1, groups + 1))
    assert {key: found[key] for key in locks} == locks
    sizes = Counter(found.values())
    fixed = Counter(locks.values())
    # A group may be larger than another by two or more only if so many are locked into it.
    least = min(sizes.get(number, 0) for number in range(1, groups + 1))
    assert all(size <= max(least + 1, fixed[number]) for number, size in sizes.items())
    assert found == grouping.propose(members, groups, locks)


def _odd_five() -> list[grouping.Member]:
    """Five whom exchanging pairs alone left less even than dealing in turn."""
    drawn = (
        ("丙", "男", "理"),
        ("甲", "男", "理"),
        ("甲", "女", "理"),
        ("丙", "女", "工"),
        ("甲", "男", "工"),
    )
    return [grouping.Member(at, *traits) for at, traits in enumerate(drawn)]


@given(classes())
@example((_odd_five(), 2, {}))
def test_without_locks_groups_differ_by_one_at_most_and_no_unit_is_crowded(
    drawn: tuple[list[grouping.Member], int, dict[int, int]],
) -> None:
    members, groups, _locks = drawn
    found = grouping.propose(members, groups)
    sizes = Counter(found.values())
    counts = [sizes.get(number, 0) for number in range(1, groups + 1)]
    assert max(counts) - min(counts) <= 1
    plain = {member.key: at % groups + 1 for at, member in enumerate(members)}
    assert _uneven(members, found, groups) <= _uneven(members, plain, groups)


def _uneven(members: list[grouping.Member], found: dict[int, int], groups: int) -> int:
    """The sum of squares that the proposal makes small."""
    total = 0
    for at, weight in enumerate(grouping.WEIGHTS):
        pairs = [(member.traits[at], found[member.key]) for member in members if member.traits[at]]
        total += weight * sum(count**2 for row in grouping.spreads(pairs, groups) for count in row.counts)
    return total


def test_a_unit_of_as_many_people_as_groups_has_one_in_each():
    members = [grouping.Member(n, f"单位{n // 5}") for n in range(20)]
    found = grouping.propose(members, 5)
    rows = grouping.spreads(((member.unit, found[member.key]) for member in members), 5)
    assert [row.counts for row in rows] == [(1, 1, 1, 1, 1)] * 4
    assert all(row.is_even for row in rows)


def test_no_group_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        grouping.propose([grouping.Member(1, "甲")], 0)


@st.composite
def hotels(draw: st.DrawFn) -> tuple[list[lodging.Guest], list[lodging.Space], list[tuple[int, int]]]:
    sexes = draw(st.lists(st.sampled_from(["男", "女", ""]), min_size=1, max_size=24))
    guests = [lodging.Guest(at, sex, (at,)) for at, sex in enumerate(sexes)]
    waiting = list(range(len(guests)))
    spaces = []
    for at in range(draw(st.integers(1, 14))):
        beds, sex = draw(st.integers(1, 4)), draw(st.sampled_from(["", "", "男", "女"]))
        inside: list[int] = []
        if waiting and draw(st.booleans()):
            first = waiting[0]
            if not sex or sexes[first] == sex:
                inside.append(waiting.pop(0))
        spaces.append(lodging.Space(at, beds, sex, tuple(inside)))
    pairs = draw(
        st.lists(st.tuples(st.integers(0, len(guests) - 1), st.integers(0, len(guests) - 1)), max_size=4)
    )
    return guests, spaces, [(one, two) for one, two in pairs if one != two]


@given(hotels())
def test_no_room_is_over_its_beds_or_mixed_and_whoever_is_inside_stays(
    drawn: tuple[list[lodging.Guest], list[lodging.Space], list[tuple[int, int]]],
) -> None:
    guests, spaces, wishes = drawn
    found = lodging.propose(guests, spaces, wishes)
    sexes = {guest.key: guest.sex for guest in guests}
    for space in spaces:
        inside = [key for key, room in found.beds.items() if room == space.key]
        assert len(inside) <= space.beds
        assert len({sexes[key] for key in inside}) <= 1
        assert set(space.inside) <= set(inside)
        assert not space.sex or {sexes[key] for key in inside} <= {space.sex}
    placed, left = set(found.beds), {*found.no_bed, *found.unknown_sex}
    assert placed | left == set(sexes)
    assert not placed & left
    assert all(
        found.beds.get(one) != found.beds.get(two) or one not in found.beds for one, two in found.unmet
    )


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))
def test_double_rooms_hold_everybody_when_they_can(men: int, women: int, spare: int) -> None:
    guests = [lodging.Guest(n, "男" if n < men else "女", (n,)) for n in range(men + women)]
    rooms = -(-men // 2) + -(-women // 2)
    found = lodging.propose(guests, [lodging.Space(n, 2) for n in range(rooms + spare)])
    assert len(found.beds) == men + women
    assert found.no_bed == []


def test_rooms_of_different_sizes_are_shared_out_so_that_both_sexes_have_beds():
    guests = [lodging.Guest(n, "男" if n < 3 else "女", (n,)) for n in range(5)]
    found = lodging.propose(guests, [lodging.Space(1, 2), lodging.Space(2, 3)])
    assert found.no_bed == []
    assert {found.beds[n] for n in range(3)} == {2}
    assert {found.beds[n] for n in (3, 4)} == {1}


def test_two_who_wish_it_share_a_room():
    guests = [lodging.Guest(n, "男", (n,)) for n in range(6)]
    found = lodging.propose(guests, [lodging.Space(n, 2) for n in range(3)], [(0, 5)])
    assert found.beds[0] == found.beds[5]
    assert found.unmet == []


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=50),
    st.lists(st.integers(1, 20), min_size=1, max_size=5),
    st.integers(0, 3),
)
def test_vehicles_are_never_overfull_and_empty_seats_only_where_everybody_rides(
    groups: list[int], seats: list[int], locked: int
) -> None:
    riders = [riding.Rider(at, group) for at, group in enumerate(groups)]
    vehicles = list(enumerate(seats))
    held = dict.fromkeys(range(min(locked, len(riders), seats[0])), 0)
    found = riding.propose(riders, vehicles, held)
    load = Counter(found.values())
    assert all(load[key] <= room for key, room in vehicles)
    assert len(found) == min(len(riders), sum(seats))
    assert {key: found[key] for key in held} == held


def test_a_group_rides_whole_where_it_fits():
    riders = [riding.Rider(n, 1 + n // 10) for n in range(40)]
    found = riding.propose(riders, [(1, 25), (2, 25)])
    assert len({found[n] for n in range(10)}) == 1
    assert len({found[n] for n in range(10, 20)}) == 1


@given(st.integers(0, 60), st.integers(1, 8), st.integers(1, 8), st.integers(0, 3))
def test_nobody_sits_twice_and_no_two_in_one_seat(people: int, rows: int, columns: int, kept: int) -> None:
    kept = min(kept, rows - 1)
    locked = {0: (rows, columns)} if people else {}
    found = seating.propose(range(people), seating.places(rows, columns, kept), locked)
    assert len(set(found.values())) == len(found)
    assert len(found) == min(people, columns * (rows - kept))
    assert all(kept < row <= rows and 1 <= column <= columns for row, column in found.values())
    assert {key: found[key] for key in locked} == locked


def test_turning_the_groups_puts_another_in_front():
    assert seating.rotated([1, 2, 3, 4], 1) == [2, 3, 4, 1]
    assert seating.rotated([1, 2, 3, 4], 4) == [1, 2, 3, 4]
    assert seating.rotated([], 2) == []


def test_aisles_are_read_as_people_write_them():
    assert seating.read_aisles("10，5", 20) == [5, 10]
    assert seating.read_aisles("", 20) == []
    for bad in ("20", "五", "0", "-1"):
        with pytest.raises(ValueError, match=bad):
            seating.read_aisles(bad, 20)
