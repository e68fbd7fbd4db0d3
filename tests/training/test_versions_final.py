"""The final version of a timetable: what it wants, what it forbids, and what closing asks of it."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Fault
from keyuan.training import doctor, papers, todos
from keyuan.training.actions import closing, life, timetable, versions
from keyuan.training.models import (
    Nomination,
    ReleasedSession,
    Session,
    TimetableFinal,
    TrainingClass,
)
from keyuan.training.queries import closing as checks
from keyuan.training.queries import versions as queries
from tests import factories
from tests.factories import Academy
from tests.training.released_classes import SignIn, change, release, take_out


def test_a_final_version_wants_everything_released(academy: Academy, klass: TrainingClass) -> None:
    with pytest.raises(Fault, match="还没有发布"):
        versions.declare_final(academy.registrar, training_class=factories.published(academy, title="演示空"))
    change(academy, klass, "演示党性", place="演示三号厅")
    with pytest.raises(Fault, match="还有 1 处改动未发布"):
        versions.declare_final(academy.registrar, training_class=klass)
    release(academy, klass)
    for key in ("head", "teacher", "liaison"):
        with pytest.raises(Forbidden):
            versions.declare_final(academy.actor(key), training_class=klass)
    assert versions.declare_final(academy.actor("headteacher"), training_class=klass).number == 2
    versions.declare_final(academy.actor("headteacher"), training_class=klass)
    assert TimetableFinal.objects.count() == 1, "declaring it again changes nothing"


def test_a_final_timetable_is_changed_only_after_it_is_final_no_more(
    academy: Academy, klass: TrainingClass
) -> None:
    versions.declare_final(academy.registrar, training_class=klass)
    with pytest.raises(Fault, match="已定为终版"):
        change(academy, klass, "演示党性", place="演示三号厅")
    with pytest.raises(Fault, match="已定为终版"):
        take_out(academy, klass, "演示业务")
    with pytest.raises(Fault, match="已定为终版"):
        factories.session(academy, klass, half="pm", starts=time(15), ends=time(16))
    with pytest.raises(Fault, match="已定为终版"):
        life.postpone(
            academy.registrar, training_class=klass, starts=klass.starts + timedelta(days=1),
            nominate_by=klass.nominate_by, reason="演示",
        )  # fmt: skip
    klass.refresh_from_db()
    with pytest.raises(Fault, match="理由"):
        versions.revoke_final(academy.registrar, training_class=klass, reason=" ")
    versions.revoke_final(academy.registrar, training_class=klass, reason="主讲更正")
    with pytest.raises(Fault, match="没有终版"):
        versions.revoke_final(academy.registrar, training_class=klass, reason="再来")
    change(academy, klass, "演示党性", place="演示三号厅")
    assert release(academy, klass) == 2
    assert queries.final_of(klass) is None
    assert list(TimetableFinal.objects.values_list("turn", "version__number", "reason")) == [
        (2, None, "主讲更正"),
        (1, 1, ""),
    ]


def test_closing_wants_the_final_version_and_its_papers_are_of_it(academy: Academy) -> None:
    klass = factories.taught(academy, final=False)
    factories.attend(academy, klass)
    line = next(check for check in checks.checklist(klass) if "终版" in check.title)
    assert (line.ok, line.link) == (False, f"/classes/{klass.pk}/timetable/")
    with pytest.raises(Fault, match="课程表已定为终版"):
        closing.close_class(academy.registrar, training_class=klass)
    assert queries.standing_words(klass) == "第 1 版，尚未定为终版"
    versions.declare_final(academy.registrar, training_class=klass)
    assert closing.close_class(academy.registrar, training_class=klass) == 2
    with pytest.raises(Forbidden):
        versions.revoke_final(academy.registrar, training_class=klass, reason="结班以后")
    Session.objects.filter(training_class=klass).update(title="绕过程序改的")
    assert queries.standing_words(klass) == "第 1 版（终版）"
    assert {row.title for row in queries.standing(klass)} == {"演示专题1", "演示专题2"}
    sheet = papers.make(klass, "timetable").content
    assert sheet[:2] == b"PK"


def test_a_session_taken_out_keeps_a_class_from_closing_and_waits_on_the_desk(academy: Academy) -> None:
    klass = factories.taught(academy, final=False)
    TrainingClass.objects.filter(pk=klass.pk).update(ends=timezone.localdate())
    timetable.remove_session(academy.registrar, session=klass.sessions.all()[0])
    line = next(check for check in checks.checklist(klass) if "未发布的改动" in check.title)
    assert (line.ok, line.note) == (False, "还有 1 处改动未发布")
    waits = [todo.title for todo in todos.classes_to_bring_on(academy.registrar)]
    assert f"课程表有未发布的改动：{klass.title}" in waits


def test_the_buttons_of_the_page_do_what_they_say(
    academy: Academy, klass: TrainingClass, client_for: SignIn
) -> None:
    keeper, base = client_for(academy.seats["headteacher"]), f"/classes/{klass.pk}/timetable/"
    assert "定为终版" in keeper.get(base).content.decode()
    assert keeper.post(f"{base}final/").status_code == 302
    text = keeper.get(base).content.decode()
    assert "取消终版" in text
    assert "核对并发布" not in text
    assert keeper.post(f"{base}final/", {"undo": "1", "reason": ""}).status_code == 422
    assert keeper.post(f"{base}final/", {"undo": "1", "reason": "演示"}).status_code == 302
    change(academy, klass, "演示党性", place="演示三号厅")
    assert "撤回到已发布版本" in keeper.get(base).content.decode()
    assert keeper.post(f"{base}take-back/").status_code == 302
    assert not queries.pending(klass)


def test_the_draft_is_printed_only_while_nothing_is_released(academy: Academy, klass: TrainingClass) -> None:
    change(academy, klass, "演示党性", place="演示三号厅")
    assert {row.place for row in queries.standing(klass)} == {"演示一号厅", "演示二号厅"}
    fresh = factories.published(academy, title="演示未发布")
    factories.session(academy, fresh, place="演示五号厅", teacher=None)
    assert [row.place for row in queries.standing(fresh)] == ["演示五号厅"]
    assert queries.standing_words(fresh) == "草稿，尚未发布"
    assert Nomination.objects.filter(training_class=fresh).count() == 0


def test_the_doctor_finds_what_is_seen_to_differ_from_the_newest_version(
    academy: Academy, klass: TrainingClass
) -> None:
    assert list(doctor.timetables_agree()) == []
    ReleasedSession.objects.filter(title="演示党性").update(place="绕过程序改的")
    assert [klass.title in words for words in doctor.timetables_agree()] == [True]
