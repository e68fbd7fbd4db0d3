"""Hours when two records become one person and apart again: countered and banked anew, never lost, never doubled."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.credits.actions import AwardFacts, award_many, reverse_many
from keyuan.credits.models import Balance, Certificate, Lot, Posting
from keyuan.credits.queries import live_lots, statement_for, verify_ledger
from keyuan.kernel import erasure
from keyuan.kernel.models import IssuedPaper
from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person
from keyuan.training.actions import closing
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.people.test_merging import pair, proposed, second


@pytest.fixture
def academy(db: None) -> Academy:
    return factories.build()


SOURCES = [f"test:{n}" for n in range(6)]
HOURS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(40), places=2)


def held(person: Person) -> Decimal:
    found = Balance.objects.filter(account__person=person).aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


def banked(academy: Academy, person: Person, hours: dict[str, Decimal]) -> None:
    rows = [
        AwardFacts(person.pk, source, date(2026, 3, 2), "演示学习", half_days=20, hours=amount)
        for source, amount in hours.items()
    ]
    if rows:
        award_many(academy.registrar, school_id=academy.school.pk, rows=rows)


def finished(academy: Academy, trainees: int) -> TrainingClass:
    """A closed class whose certificates are asked for."""
    klass = factories.taught(academy, ("4",), trainees=trainees)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    closing.issue_certificates(academy.registrar, training_class=klass)
    return klass


def merged(academy: Academy, kept: Person, gone: Person) -> Merge:
    return merging.approve(second(academy), merge=proposed(academy, kept, gone))


def test_hours_follow_by_counter_entry_with_the_merge_named_and_go_back(academy: Academy) -> None:
    kept, gone = pair(academy)
    banked(academy, gone, {"test:1": Decimal(8)})
    banked(academy, kept, {"test:2": Decimal(4)})
    before = Posting.objects.count()
    merge = proposed(academy, kept, gone)
    assert Posting.objects.count() == before, "a proposal writes nothing"
    merge = merging.approve(second(academy), merge=merge)
    assert (held(kept), held(gone)) == (12, 0)
    fresh = live_lots(["test:1"])["test:1"]
    assert (fresh.version, fresh.account.person, fresh.evidence["merge"]) == (2, kept, merge.pk)
    lines = statement_for(academy.registrar, kept.pk).lines
    assert any(f"第 {merge.pk} 号" in line.reason for line in lines)
    assert [each["rows"] for each in merge.moved if each["model"] == "credits.Lot"] == [[fresh.pk]]
    assert not any(each["model"] == "credits.LedgerAccount" for each in merge.stayed)
    merging.undo(second(academy), merge=merge, note="查明是两个人")
    assert (held(kept), held(gone)) == (4, 8)
    assert not verify_ledger()


def test_hours_taken_back_since_do_not_return_and_those_paid_again_do(academy: Academy) -> None:
    kept, gone = pair(academy)
    banked(academy, gone, {"test:1": Decimal(8), "test:2": Decimal(2)})
    merge = merged(academy, kept, gone)
    reverse_many(academy.registrar, sources=["test:1", "test:2"], reason="更正")
    banked(academy, gone, {"test:2": Decimal(3)})
    assert (held(kept), held(gone)) == (3, 0), "the merged record earns for the kept one"
    merging.undo(second(academy), merge=merge, note="查明是两个人")
    assert (held(kept), held(gone)) == (0, 3)


def test_a_certificate_follows_the_person_and_stays_as_printed(academy: Academy) -> None:
    klass = finished(academy, trainees=1)
    gone, kept = Nomination.objects.get(training_class=klass).person, factories.person(academy, "演示重复")
    certificate = Certificate.objects.get()
    said = (certificate.holder_name, certificate.title, certificate.hours)
    merge = merged(academy, kept, gone)
    certificate.refresh_from_db()
    assert (certificate.person, certificate.lot.account.person) == (kept, kept)
    assert (certificate.holder_name, certificate.title, certificate.hours) == said
    assert not IssuedPaper.objects.exclude(holder_name=said[0]).exists()
    closing.reopen_class(academy.registrar, training_class=klass, reason="考勤有误")
    assert (held(kept), held(gone)) == (0, 0)
    merging.undo(second(academy), merge=merge, note="查明是两个人")
    certificate.refresh_from_db()
    assert certificate.person == gone


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ones=st.dictionaries(st.sampled_from(SOURCES[:3]), HOURS),
    others=st.dictionaries(st.sampled_from(SOURCES[3:]), HOURS),
    reversed_=st.sets(st.sampled_from(SOURCES)),
)
def test_no_hour_is_lost_or_made_by_merging_and_parting(
    academy: Academy, ones: dict[str, Decimal], others: dict[str, Decimal], reversed_: set[str]
) -> None:
    kept, gone = (factories.person(academy, "演示重复", academy.units[0]) for _at in range(2))
    mine = {f"{kept.pk}:{source}": amount for source, amount in ones.items()}
    theirs = {f"{kept.pk}:{source}": amount for source, amount in others.items()}
    banked(academy, kept, mine)
    banked(academy, gone, theirs)
    taken = [f"{kept.pk}:{source}" for source in reversed_]
    reverse_many(academy.registrar, sources=taken, reason="更正")
    before = held(kept), held(gone)
    merge = merged(academy, kept, gone)
    assert (held(kept), held(gone)) == (sum(before), 0)
    merging.undo(second(academy), merge=merge, note="查明是两个人")
    assert (held(kept), held(gone)) == before
    assert not verify_ledger()
    assert all(lot.account.school_id == academy.school.pk for lot in Lot.objects.all())


def test_erasing_the_kept_takes_the_name_off_what_stayed_under_the_other(academy: Academy) -> None:
    klass = finished(academy, trainees=2)
    kept, gone = (row.person for row in Nomination.objects.filter(training_class=klass).order_by("pk"))
    merged(academy, kept, gone)
    assert set(Certificate.objects.values_list("person_id", flat=True)) == {kept.pk, gone.pk}
    erasure.erase(academy.registrar, person_id=kept.pk)
    assert set(Certificate.objects.values_list("holder_name", flat=True)) == {"（已注销）"}
