"""A class from its draft to its publication: shares, approval, and what may still change afterwards."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry, Message, Outbox
from keyuan.kernel.notify import deliver
from keyuan.orgs.models import Organisation
from keyuan.training.actions import classes
from keyuan.training.models import QuotaShare, TrainingClass
from keyuan.training.rules.shares import equal_shares, read_pasted
from tests import factories
from tests.factories import Academy


def test_only_a_department_that_leads_the_activity_may_lead_the_class(academy: Academy) -> None:
    with pytest.raises(Fault, match="牵头部门"):
        factories.draft(academy, department=academy.units[0])
    assert not TrainingClass.objects.exists()


def test_the_head_of_another_department_may_not_approve(academy: Academy) -> None:
    other = Organisation.objects.create(school=academy.school, kind="department", name="演示学会部")
    factories.seat(academy, "otherhead", academy.seats["head"].role, other)
    klass = factories.draft(academy)
    classes.move_class(academy.registrar, training_class=klass, move="submit")
    for key in ("otherhead", "registrar", "liaison", "headteacher"):
        with pytest.raises(Forbidden):
            classes.move_class(academy.actor(key), training_class=klass, move="approve")
    classes.move_class(academy.actor("head"), training_class=klass, move="approve")
    assert TrainingClass.objects.get().state == "approved"


def test_sending_a_class_back_needs_a_reason_and_makes_it_a_draft_again(academy: Academy) -> None:
    klass = factories.draft(academy)
    classes.move_class(academy.registrar, training_class=klass, move="submit")
    with pytest.raises(Fault, match="理由"):
        classes.move_class(academy.actor("head"), training_class=klass, move="return", note="  ")
    classes.move_class(academy.actor("head"), training_class=klass, move="return", note="请调整时间")
    assert klass.state == TrainingClass.objects.get().state == "draft"


def test_shares_may_not_exceed_the_places_and_the_fault_says_by_how_much(academy: Academy) -> None:
    klass = factories.approved(academy, places=4)
    with pytest.raises(Fault, match="请减少 2 个"):
        classes.set_shares(
            academy.registrar, training_class=klass, places={unit.pk: 3 for unit in academy.units}
        )
    assert not QuotaShare.objects.exists()


def test_a_unit_of_another_school_gets_no_share(academy: Academy) -> None:
    klass, other = factories.approved(academy), factories.build("sz")
    with pytest.raises(Fault, match="不属于本校"):
        classes.set_shares(academy.registrar, training_class=klass, places={other.units[0].pk: 1})


def test_publishing_needs_shares_and_calls_every_liaison_once(academy: Academy) -> None:
    klass = factories.approved(academy)
    with pytest.raises(Fault, match="先分配名额"):
        classes.move_class(academy.registrar, training_class=klass, move="publish")
    assert TrainingClass.objects.get().state == "approved"
    classes.set_shares(academy.registrar, training_class=klass, places={academy.units[0].pk: 3})
    classes.move_class(academy.registrar, training_class=klass, move="publish")
    deliver()
    called = Message.objects.filter(kind="training.call").values_list("person_id", flat=True)
    assert list(called) == [academy.seats["liaison"].person_id]
    assert not Outbox.objects.filter(kind="training.call", sent_at=None).exists()


def test_a_share_never_falls_below_what_the_unit_has_sent(academy: Academy) -> None:
    klass = factories.published(academy, (2, 1))
    factories.nominee(academy, klass)
    factories.nominee(academy, klass)
    with pytest.raises(Conflict, match="已推荐 2 人"):
        classes.set_shares(academy.registrar, training_class=klass, places={academy.units[0].pk: 1})
    assert list(QuotaShare.objects.values_list("places", "used")) == [(2, 2), (1, 0)]


def test_places_never_fall_below_those_admitted_or_shared_out(academy: Academy) -> None:
    klass = factories.published(academy, (2, 1), places=4)
    factories.admitted(academy, klass, 2)
    with pytest.raises(Fault, match="已录取 2 人"):
        classes.change_class(academy.registrar, training_class=klass, facts={"places": 1})
    with pytest.raises(Fault, match="已分配 3 个"):
        classes.change_class(academy.registrar, training_class=klass, facts={"places": 2})
    assert classes.change_class(academy.registrar, training_class=klass, facts={"places": 3}) == ["places"]


def test_what_the_department_approved_does_not_change_behind_its_back(academy: Academy) -> None:
    klass = factories.approved(academy)
    for facts in ({"title": "另一个班"}, {"hours": Decimal(40)}):
        with pytest.raises(Fault, match="已获批准"):
            classes.change_class(academy.registrar, training_class=klass, facts=facts)
    assert classes.change_class(academy.registrar, training_class=klass, facts={"venue": "另一处"}) == [
        "venue"
    ]


def test_the_bare_move_does_not_cancel_a_class_over_the_heads_of_its_trainees(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.admitted(academy, klass)[0]
    with pytest.raises(Fault, match="名单中还有人"):
        classes.move_class(academy.registrar, training_class=klass, move="cancel", note="疫情")
    factories.move(academy, row, "remove")
    classes.move_class(academy.registrar, training_class=klass, move="cancel", note="疫情")
    assert TrainingClass.objects.get().state == "cancelled"


def test_closing_does_not_go_by_the_side_door(academy: Academy) -> None:
    klass = factories.published(academy)
    for name in ("close", "reopen"):
        with pytest.raises(Fault, match="结班页"):
            classes.move_class(academy.registrar, training_class=klass, move=name, note="演示")


def test_reminding_reaches_only_the_silent(academy: Academy) -> None:
    klass = factories.published(academy)
    factories.nominee(academy, klass)
    assert classes.remind_silent(academy.registrar, training_class=klass) == 1
    assert AuditEntry.objects.filter(action="training.class.reminded", facts__units=1).exists()


def test_opening_a_call_is_noted_the_first_time_only(academy: Academy) -> None:
    factories.published(academy)
    share = QuotaShare.objects.get(organisation=academy.units[0])
    classes.share_opened(academy.actor("liaison"), share=share)
    first = QuotaShare.objects.get(pk=share.pk).opened_at
    classes.share_opened(academy.actor("liaison"), share=share)
    assert QuotaShare.objects.get(pk=share.pk).opened_at == first is not None
    with pytest.raises(Forbidden):
        classes.share_opened(academy.actor("liaison2"), share=share)


def test_a_stranger_may_do_nothing_with_a_class(academy: Academy) -> None:
    klass, other = factories.published(academy), factories.build("sz")
    stranger = other.registrar
    with pytest.raises(Forbidden):
        classes.change_class(stranger, training_class=klass, facts={"venue": "别处"})
    with pytest.raises(Forbidden):
        classes.set_shares(stranger, training_class=klass, places={})
    with pytest.raises(Forbidden):
        classes.move_class(stranger, training_class=klass, move="cancel", note="演示")
    with pytest.raises(Forbidden):
        classes.open_class(stranger, activity=academy.activity, facts=factories.facts_of(academy))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    counts=st.lists(st.integers(1, 9999), min_size=2, max_size=2),
    joint=st.sampled_from([" ", "\t", "，", "：", ""]),
)
def test_a_pasted_list_reads_names_and_numbers_however_they_are_joined(
    academy: Academy, counts: list[int], joint: str
) -> None:
    lines = [f"{unit.name}{joint}{count}人" for unit, count in zip(academy.units, counts, strict=True)]
    read = read_pasted("\n\n".join([*lines, "没有这个单位 3"]), academy.units)
    assert read.places == {unit.pk: count for unit, count in zip(academy.units, counts, strict=True)}
    assert read.unknown == ["没有这个单位 3"]


def test_equal_shares_fill_the_kind_and_leave_the_rest(academy: Academy) -> None:
    units = [*academy.units, academy.department]
    given_ = equal_shares(units, "city_association", "2", {academy.department.pk: "5"})
    assert given_ == {academy.units[0].pk: "2", academy.units[1].pk: "2", academy.department.pk: "5"}
    with pytest.raises(Fault, match="整数"):
        equal_shares(units, "", "-1", {})


def test_a_class_that_ends_before_it_starts_is_refused_by_the_form(academy: Academy, client_for) -> None:
    office = client_for(academy.seats["registrar"])
    facts = factories.facts_of(academy)
    sent = {**facts, "head_teacher": facts["head_teacher"].pk, "department": academy.department.pk,
            "ends": facts["starts"] - timedelta(days=1), "attendance_share": "0.8", "leave_limit": "0.1429"}  # fmt: skip
    answer = office.post(f"/activities/{academy.activity.pk}/open/", sent)
    assert answer.status_code == 422
    assert 'value="演示科学馆"' in answer.content.decode(), "what was typed is kept"


def test_what_to_bring_is_kept_and_shown_on_the_page_of_the_class(academy: Academy, client_for: Any) -> None:
    klass = factories.draft(academy, bring="身份证、雨具")
    shown = client_for(academy.seats["registrar"]).get(f"/classes/{klass.pk}/").content.decode()
    assert "身份证、雨具" in shown
