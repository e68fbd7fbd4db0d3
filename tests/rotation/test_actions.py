"""What is written: figures that are only added, lists, exemptions, places drawn and taken back, liaisons told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from keyuan.kernel import erasure
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry, Outbox
from keyuan.rotation import actions
from keyuan.rotation.models import CohortMember, Exemption, RegimeVersion, Reminder, Requirement
from keyuan.rotation.queries.coverage import coverage
from keyuan.rotation.queries.held import held_of
from keyuan.rotation.queries.quota import ADD
from keyuan.training.models import QuotaShare
from tests.rotation.conftest import Ground

ROTATION = "机关和直属单位干部轮训"
FIGURES = {
    "since": date(2031, 1, 1), "span": "rolling", "years": 5, "hours": Decimal(600), "online": Decimal(0),
    "professional": Decimal(0), "public": Decimal(0), "personal": Decimal(0), "source": "演示文件第一条",
}  # fmt: skip


def test_defaults_carry_their_sources_and_loading_them_again_adds_nothing(ground: Ground) -> None:
    assert actions.load_defaults(ground.office, school=ground.academy.school) == 0
    figures = {row.regime.code: row for row in RegimeVersion.objects.select_related("regime")}
    assert figures["leaders-550"].hours == 550
    assert (figures["leaders-550"].span, figures["leaders-550"].years) == ("rolling", 5)
    parts = figures["specialists-90"]
    assert (parts.public, parts.professional, parts.personal) == (30, 42, 18)
    assert figures["online-50"].online == 50
    assert all("《" in row.source for row in figures.values())


def test_new_figures_hold_from_their_day_and_the_old_ones_stay(ground: Ground) -> None:
    one = ground.requirement("县处级及以上干部五年学时")
    assert one.regime
    actions.add_version(ground.office, regime=one.regime, facts=FIGURES)
    before, after = (coverage(ground.office, one, day).norm for day in (date(2030, 12, 31), date(2031, 1, 1)))
    assert before
    assert after
    assert (before.asked.hours, after.asked.hours) == (550, 600)
    with pytest.raises(Conflict):
        actions.add_version(ground.office, regime=one.regime, facts=FIGURES)
    with pytest.raises(Fault):
        actions.add_version(
            ground.office, regime=one.regime, facts={**FIGURES, "since": date(2032, 1, 1), "source": " "}
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        RegimeVersion.objects.filter(regime=one.regime).update(hours=1)
    assert coverage(ground.office, one, date(2020, 1, 1)).norm is None


def test_a_universal_requirement_needs_a_group_and_one_of_hours_a_regime(ground: Ground) -> None:
    facts = {"title": "演示要求", "kind": "universal", "measure": "classes"}
    with pytest.raises(Fault):
        actions.save_requirement(ground.office, requirement=None, facts=facts, groups=[])
    group = actions.GroupFacts("society")
    with pytest.raises(Fault):
        actions.save_requirement(
            ground.office, requirement=None, facts={**facts, "measure": "hours"}, groups=[group]
        )
    made = actions.save_requirement(ground.office, requirement=None, facts=facts, groups=[group])
    with pytest.raises(Conflict):
        actions.save_requirement(ground.office, requirement=None, facts=facts, groups=[group])
    fixed = {**facts, "span": "fixed", "first": date(2026, 1, 1), "last": date(2026, 6, 30)}
    actions.save_requirement(ground.office, requirement=made, facts=fixed, groups=[group])
    found = coverage(ground.office, Requirement.objects.get(pk=made.pk), ground.today)
    assert found.until == date(2026, 6, 30)
    with pytest.raises(Forbidden):
        actions.save_requirement(ground.academy.actor("head"), requirement=made, facts=facts, groups=[group])


def test_an_exemption_has_a_reason_is_audited_and_can_be_taken_back(ground: Ground) -> None:
    one, who = ground.requirement(ROTATION), ground.person("演示甲", ground.academy.department)
    with pytest.raises(Fault):
        actions.exempt(ground.office, requirement=one, persons=[who], reason="  ")
    assert actions.exempt(ground.office, requirement=one, persons=[who], reason="驻外工作") == 1
    assert actions.exempt(ground.office, requirement=one, persons=[who], reason="驻外工作") == 0
    line = ground.lines(one)["演示甲"]
    assert (line.standing.state, line.reason) == ("exempt", "驻外工作")
    assert AuditEntry.objects.filter(action="rotation.exempted").count() == 2
    actions.revoke_exemption(ground.office, exemption=Exemption.objects.get())
    assert ground.lines(one)["演示甲"].standing.state == "not_begun"
    actions.exempt(ground.office, requirement=one, persons=[who], reason="产假期间", until=ground.today)
    assert ground.lines(one)["演示甲"].standing.state == "exempt"
    Exemption.objects.filter(revoked_at=None).update(until=ground.today - timedelta(days=1))
    assert ground.lines(one)["演示甲"].standing.state == "not_begun"
    assert actions.exempt(ground.office, requirement=one, persons=[who], reason="再次免训") == 1


def test_labels_of_one_kind_do_not_overlap_and_a_list_names_a_person_once(ground: Ground) -> None:
    label, who = ground.label("省科协常委"), ground.person("演示甲", ground.society)
    actions.label_person(
        ground.office, label=label, person=who, starts=date(2020, 1, 1), ends=date(2021, 1, 1)
    )
    with pytest.raises(Conflict):
        actions.label_person(ground.office, label=label, person=who, starts=date(2021, 1, 1))
    actions.label_person(ground.office, label=label, person=who, starts=date(2021, 1, 2))
    one = ground.requirement("学会秘书长调训")
    first = actions.list_person(ground.office, requirement=one, person=who)
    assert actions.list_person(ground.office, requirement=one, person=who) == first
    assert ground.lines(one)["演示甲"].unit == ground.society
    actions.take_off(ground.office, listed=first)
    assert ground.lines(one) == {}
    with pytest.raises(Fault):
        actions.list_person(ground.office, requirement=ground.requirement(ROTATION), person=who)


def test_people_due_become_places_merged_with_those_given_and_back(ground: Ground) -> None:
    academy, one = ground.academy, ground.requirement("学会秘书长调训")
    for n, unit in enumerate((ground.society, ground.society, academy.units[0])):
        who = ground.person(f"演示{n}", unit)
        actions.list_person(ground.office, requirement=one, person=who)
    klass = ground.klass(ground.today + timedelta(days=20), places=6)
    QuotaShare.objects.create(training_class=klass, organisation=ground.society, places=1)
    QuotaShare.objects.create(training_class=klass, organisation=academy.units[1], places=2)
    lines = coverage(ground.office, one, ground.today).lines

    def places() -> dict[str, int]:
        rows = QuotaShare.objects.filter(training_class=klass, places__gt=0)
        return {row.organisation.name: row.places for row in rows.select_related("organisation")}

    before = places()
    made = actions.draw_quota(ground.office, requirement=one, training_class=klass, lines=lines)
    assert places() == {"演示省数学会": 2, "演示甲市科协": 1, "演示乙市科协": 2}
    assert made.places == 2
    assert made.lines[-1]["cohorts"] == {"名单": 2}
    with pytest.raises(Fault):
        actions.draw_quota(ground.office, requirement=one, training_class=klass, lines=lines)
    with pytest.raises(Fault):
        actions.draw_quota(ground.office, requirement=one, training_class=klass, lines=lines, mode=ADD)
    actions.undo_draw(ground.office, draw=made)
    assert places() == before
    with pytest.raises(Conflict):
        actions.undo_draw(ground.office, draw=made)
    again = actions.draw_quota(
        ground.office, requirement=one, training_class=klass, lines=lines, typed={ground.society.pk: 3}
    )
    QuotaShare.objects.filter(training_class=klass, organisation=ground.society).update(places=2)
    with pytest.raises(Conflict):
        actions.undo_draw(ground.office, draw=again)


def test_liaisons_are_told_how_many_are_due_and_each_telling_is_logged(ground: Ground) -> None:
    one = ground.requirement("学会秘书长调训")
    for unit in (ground.academy.units[0], ground.academy.units[0], ground.society):
        actions.list_person(ground.office, requirement=one, person=ground.person(unit=unit))
    lines = coverage(ground.office, one, ground.today).lines
    told = actions.remind(ground.office, requirement=one, lines=lines, until=ground.today)
    assert (told.units, told.silent, told.due) == (1, ("演示省数学会",), 3)
    sent = Outbox.objects.get(kind="rotation.due")
    assert sent.person_ids == [ground.academy.seats["liaison"].person_id]
    assert sent.facts["due"] == 2
    assert sorted(Reminder.objects.values_list("due", "told")) == [(1, 0), (2, 1)]
    with pytest.raises(Forbidden):
        actions.remind(ground.academy.actor("liaison"), requirement=one, lines=lines, until=ground.today)


def test_what_is_held_of_a_person_is_exported_and_forgotten(ground: Ground) -> None:
    one, who = ground.requirement("学会秘书长调训"), ground.academy.seats["teacher"].person
    actions.label_person(ground.office, label=ground.label("省科协常委"), person=who, starts=date(2020, 1, 1))
    actions.list_person(ground.office, requirement=one, person=who, note="演示说明")
    actions.exempt(ground.office, requirement=one, persons=[who], reason="演示理由")
    held = str(held_of(ground.academy.actor("teacher"), who))
    assert all(word in held for word in ("省科协常委", "演示说明", "演示理由"))
    erasure.erase(ground.office, person_id=who.pk)
    assert not CohortMember.objects.filter(person=who).exists()
    assert "演示" not in Exemption.objects.get().reason
