"""The register of document numbers: drawn, typed, reserved, void, and the gaps."""

import contextlib
import threading
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.kernel import access
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import DocNumber, DocSeries
from keyuan.kernel.papers import numbering, registering
from keyuan.kernel.papers.registering import Entry

REGISTRAR = Actor(7, 1, None, frozenset({"registrar"}), seat_id=3, label="演示 · 教务员")
TEACHER = Actor(8, 1, None, frozenset({"head_teacher"}), seat_id=4, label="演示 · 班主任")
PATTERN = "{mark}〔{year}〕{seq}号"
YEAR = 2026


def opened(mark: str = "粤科协组", drawers: tuple[str, ...] = ("registrar",)) -> DocSeries:
    return registering.keep_series(REGISTRAR, series=None, mark=mark, pattern=PATTERN, drawers=drawers)


@pytest.fixture
def series(db) -> DocSeries:
    return opened()


def drawn(
    series: DocSeries, title: str = "关于演示的通知", owner=None, actor: Actor = REGISTRAR
) -> DocNumber:
    return registering.draw_number(actor, series=series, entry=Entry(title, owner=owner), year=YEAR)


def typed(series: DocSeries, text: str, title: str = "关于补录的通知", owner=None) -> DocNumber:
    return registering.type_number(
        REGISTRAR, series=series, typed=text, entry=Entry(title, owner=owner), year=YEAR
    )


def test_several_series_run_side_by_side(series):
    other = opened("粤科协联")
    assert [drawn(series).number, drawn(other).number, drawn(series).number] == [
        "粤科协组〔2026〕1号", "粤科协联〔2026〕1号", "粤科协组〔2026〕2号",
    ]  # fmt: skip


def test_a_thing_bears_one_number_however_often_it_is_asked_for(series):
    first = drawn(series, owner=("演示", 1))
    assert drawn(series, owner=("演示", 1)).pk == first.pk
    with pytest.raises(Conflict, match="已有文号"):
        typed(series, "9", owner=("演示", 1))
    assert typed(series, "1", owner=("演示", 1)).pk == first.pk


@pytest.mark.parametrize(
    "text",
    [
        "粤科协组〔2026〕8号",
        "粤科协组[2026]8号",
        "粤科协组（2026）８号",
        " 粤科协组〔2026〕 08 号",
        "8",
        "８",
    ],
)
def test_a_number_is_read_however_it_is_typed(series, text):
    assert typed(series, text).number == "粤科协组〔2026〕8号"


@pytest.mark.parametrize(
    "text", ["粤科协联〔2026〕8号", "第八号", "0", "粤科协组〔2026〕0号", "-3", "99999999"]
)
def test_what_is_no_number_of_the_series_is_refused_with_a_sample(series, text):
    with pytest.raises(Fault, match="粤科协组〔2026〕1号") as refused:
        typed(series, text)
    assert refused.value.field == "typed"


def test_a_typed_number_moves_the_series_on_and_leaves_a_gap_that_can_be_filled(series):
    drawn(series)
    typed(series, "5")
    assert drawn(series).seq == 6
    assert [gap.words for gap in registering.gaps([series])] == ["2—4"]
    typed(series, "3")
    (gap,) = registering.gaps([series])
    assert (gap.words, gap.count) == ("2、4", 2)


def test_a_taken_or_void_number_is_not_given_again(series):
    number = drawn(series)
    with pytest.raises(Conflict, match="已登记"):
        typed(series, "1")
    registering.void_number(REGISTRAR, number=number, reason="文件撤回")
    with pytest.raises(Conflict, match="作废"):
        typed(series, "1")
    assert drawn(series).seq == 2
    assert registering.gaps([series]) == []


def test_reserved_numbers_are_used_by_typing_them(series):
    kept = registering.reserve(REGISTRAR, series=series, purpose="年度计划", count=3, year=YEAR)
    assert [row.seq for row in kept] == [1, 2, 3]
    assert drawn(series).seq == 4
    used = typed(series, "2", title="关于印发年度计划的通知", owner=("演示", 2))
    assert (used.pk, used.state, used.title) == (kept[1].pk, "used", "关于印发年度计划的通知")
    for count in (0, 51):
        with pytest.raises(Fault, match="1 至 50"):
            registering.reserve(REGISTRAR, series=series, purpose="过多", count=count, year=YEAR)


def test_voiding_needs_a_reason_is_final_and_tells_the_bearer(series, monkeypatch):
    lost = []
    monkeypatch.setitem(
        registering.BEARERS,
        "演示",
        registering.Bearer(lambda pk: f"/x/{pk}/", lambda *said: lost.append(said[1:])),
    )
    number = drawn(series, owner=("演示", 4))
    assert registering.link_of(number) == "/x/4/"
    with pytest.raises(Fault, match="作废原因"):
        registering.void_number(REGISTRAR, number=number, reason=" ")
    for _again in range(2):
        assert registering.void_number(REGISTRAR, number=number, reason="改发").state == "void"
    assert lost == [(4, "粤科协组〔2026〕1号")]
    assert drawn(series, owner=("演示", 4)).seq == 2


def test_only_the_named_roles_draw_and_only_in_their_school(series):
    with pytest.raises(access.Forbidden):
        drawn(series, actor=TEACHER)
    assert drawn(opened("粤科协培函", ("head_teacher",)), actor=TEACHER).taken_by == TEACHER.person_id
    stranger = Actor(9, 2, None, frozenset({"registrar"}))
    with pytest.raises(access.Forbidden):
        drawn(series, actor=stranger)
    assert not access.visible(stranger, DocNumber).exists()
    assert access.visible(TEACHER, DocNumber).count() == 1
    assert [row.mark for row in registering.series_for(TEACHER)] == ["粤科协培函"]


def test_a_resting_series_and_a_certificate_series_give_no_document_numbers(series):
    registering.keep_series(
        REGISTRAR, series=series, mark=series.mark, pattern=PATTERN, drawers=["registrar"], active=False
    )
    with pytest.raises(Fault, match="停用"):
        drawn(series)
    with pytest.raises(Fault, match="证书"):
        drawn(numbering.open_series(1, "certificate", "粤科协培"))


def test_a_series_that_gave_numbers_keeps_its_mark(series):
    drawn(series)
    with pytest.raises(Fault, match="不能再改"):
        registering.keep_series(
            REGISTRAR, series=series, mark="粤科协", pattern=PATTERN, drawers=["registrar"]
        )
    for mark, pattern, drawers, field in (
        ("粤科协组", PATTERN, ["registrar"], "mark"), ("", PATTERN, ["registrar"], "mark"), ("粤", "{seq}", ["registrar"], "pattern"),
        ("粤", PATTERN, ["trainee"], "drawers"),
    ):  # fmt: skip
        with pytest.raises(Fault) as refused:
            registering.keep_series(REGISTRAR, series=None, mark=mark, pattern=pattern, drawers=drawers)
        assert refused.value.field == field


def test_a_series_begun_elsewhere_goes_on_without_gaps(series):
    registering.set_next(REGISTRAR, series=series, year=YEAR, following=21)
    assert drawn(series).seq == 21
    assert registering.gaps([series]) == []
    registering.set_next(REGISTRAR, series=series, year=YEAR, following=25)
    assert [gap.words for gap in registering.gaps([series])] == ["22—24"]
    with pytest.raises(Fault, match="不能小于 25"):
        registering.set_next(REGISTRAR, series=series, year=YEAR, following=2)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["draw", "type", "reserve", "void"]), max_size=14), st.randoms())
def test_no_walk_gives_a_number_twice_or_loses_one(acts, chance):
    with transaction.atomic():
        series = opened(f"粤{chance.random()}")
        for act in acts:
            walk(series, act, chance)
        rows = list(DocNumber.objects.filter(series=series))
        taken = sorted(row.seq for row in rows)
        missing = sum(gap.count for gap in registering.gaps([series]))
        assert len(set(taken)) == len(taken)
        assert len(taken) + missing == max([0, *taken])
        transaction.set_rollback(True)


def walk(series: DocSeries, act: str, chance) -> None:
    if act == "draw":
        drawn(series)
    elif act == "reserve":
        registering.reserve(REGISTRAR, series=series, purpose="预留", count=chance.randint(1, 3), year=YEAR)
    elif act == "type":
        with contextlib.suppress(Conflict):
            typed(series, str(chance.randint(1, 20)))
    elif row := DocNumber.objects.filter(series=series).order_by("?").first():
        registering.void_number(REGISTRAR, number=row, reason="作废")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM kernel_docnumber",
        "UPDATE kernel_docnumber SET number = 'x'",
        "UPDATE kernel_docnumber SET seq = 9",
        "UPDATE kernel_docnumber SET state = 'void'",
    ],
)
def test_raw_sql_cannot_rewrite_the_register(series, statement):
    drawn(series)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_raw_sql_cannot_bring_a_void_number_back(series):
    registering.void_number(REGISTRAR, number=drawn(series), reason="误取")
    statement = "UPDATE kernel_docnumber SET state = 'used', voided_at = NULL, void_reason = ''"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_day_and_form_stand_in_the_register(series):
    entry = Entry("关于演示的通知", "letter", date(2026, 10, 12))
    row = registering.draw_number(REGISTRAR, series=series, entry=entry, year=YEAR)
    assert (row.form, row.day, row.origin) == ("letter", date(2026, 10, 12), "drawn")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_draw_different_numbers():
    series = opened()
    faults: list[Exception] = []

    def run(at: int) -> None:
        try:
            drawn(series, f"演示{at}", owner=("演示", at % 4))
        except Exception as fault:  # noqa: BLE001 - the thread's fault is raised again below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(DocNumber.objects.values_list("seq", flat=True)) == [1, 2, 3, 4]
