"""Background work: once in effect whoever dies, retried, refused, handed back, watched; schedules once a slot."""

import subprocess
import sys
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from keyuan.kernel import jobs, tick, worker
from keyuan.kernel.access import SYSTEM, Actor, Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Job, Tick
from keyuan.kernel.worker import Worker
from tests.kernel.seated import sit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.page_urls")]
ACTOR = Actor(7, 3, None, frozenset({"registrar"}), label="演示 · 教务员")


@pytest.fixture
def kinds(monkeypatch):
    """The registry, given back as it was."""
    monkeypatch.setattr(jobs, "KINDS", {})
    monkeypatch.setattr(tick, "SCHEDULES", {})


def idle(progress: jobs.Progress) -> None:
    """Nothing to do."""


def later(job: Job) -> Job:
    """The job's row as it stands, made due now if it waits."""
    Job.objects.filter(pk=job.pk, state="queued").update(due_at=timezone.now())
    job.refresh_from_db()
    return job


def test_a_job_runs_under_the_seat_that_asked_and_tells_how_far_it_is(kinds):
    seen = []

    @jobs.job("t.count", title="清点")
    def count(progress: jobs.Progress, upto: int) -> None:
        for number in range(upto):
            progress(number + 1, upto, f"第 {number + 1} 个")
        progress.link("/result/", "数完了")
        seen.append((progress.actor, progress.school_id))

    job = jobs.start(ACTOR, "t.count", upto=3)
    assert (job.state, job.school_id, job.person_id) == ("queued", 3, 7)
    assert Worker().run_one()
    assert seen == [(ACTOR, 3)]
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message, job.link) == ("done", 3, 3, "数完了", "/result/")
    assert not Worker().run_one()


def test_a_job_is_asked_for_with_the_deed_or_not_at_all(kinds):
    jobs.job("t.none", title="空")(idle)

    @transaction.atomic
    def deed() -> None:
        jobs.start(ACTOR, "t.none")
        raise Fault("不行")

    with pytest.raises(Fault):
        deed()
    assert not Job.objects.exists()


def test_one_live_job_a_key_and_another_when_it_is_over(kinds):
    jobs.job("t.none", title="空")(idle)
    first = jobs.start(ACTOR, "t.none", once="class:1")
    assert jobs.start(ACTOR, "t.none", once="class:1").pk == first.pk
    assert jobs.start(ACTOR, "t.none", once="class:2").pk != first.pk
    Worker().drain()
    assert jobs.start(ACTOR, "t.none", once="class:1").pk != first.pk


def test_the_database_itself_refuses_a_second_live_job_of_a_key(kinds):
    Job.objects.create(kind="t", title="t", once="k")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="t", title="t", once="k")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="t", title="t", state="running")


def test_a_refusal_ends_the_job_with_its_words(kinds):
    @jobs.job("t.refuse", title="拒绝")
    def refuse(progress: jobs.Progress) -> None:
        raise Fault("模板缺少“姓名”一栏，请补上后再试。")

    job = jobs.start(ACTOR, "t.refuse")
    Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", "模板缺少“姓名”一栏，请补上后再试。", 1)


def test_a_program_error_is_retried_ever_later_and_then_given_up(kinds):
    tries = []

    @jobs.job("t.break", title="出错", attempts=3)
    def breaks(progress: jobs.Progress) -> None:
        tries.append(1)
        raise RuntimeError("secret detail")

    job = jobs.start(ACTOR, "t.break")
    waits = []
    for _try in range(3):
        assert Worker().run_one()
        job.refresh_from_db()
        waits.append(job.due_at - timezone.now())
        later(job)
    assert len(tries) == 3
    assert waits[0] < waits[1]
    assert job.state == "failed"
    assert "secret" not in job.error
    assert "系统管理员" in job.error


def test_the_work_of_a_dead_process_is_taken_up_at_once(kinds):
    done = []
    jobs.job("t.note", title="记")(lambda _progress: done.append(1))
    job = jobs.start(ACTOR, "t.note")
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    dead = Worker()
    dead.name = f"{worker.name_here().split('|')[0]}|{gone.pid}|1#0"
    assert dead.claim() is not None
    alive = Worker()
    assert not alive.run_one()
    assert alive.recover() == 1
    assert alive.run_one()
    job.refresh_from_db()
    assert (job.state, job.attempts, done) == ("done", 2, [1])


def test_the_work_of_a_lost_host_is_taken_up_when_its_lease_ends_within_a_minute(kinds):
    jobs.job("t.note", title="记")(idle)
    job = jobs.start(ACTOR, "t.note")
    far = Worker()
    far.name = "elsewhere|1|1#0"
    far.claim()
    assert Worker().recover() == 0
    job.refresh_from_db()
    assert job.lease_until - timezone.now() <= timedelta(seconds=60)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Worker().recover() == 1


def test_a_job_whose_workers_keep_dying_is_given_up_with_words(kinds):
    jobs.job("t.kill", title="致命", attempts=2)(idle)
    job = jobs.start(ACTOR, "t.kill")
    for _try in range(2):
        lost = Worker()
        lost.name = "elsewhere|1|1#0"
        lost.claim()
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        Worker().recover()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "中断" in job.error


def test_a_worker_that_lost_its_lease_stops_and_overwrites_nothing(kinds):
    @jobs.job("t.slow", title="慢")
    def slow(progress: jobs.Progress) -> None:
        Job.objects.filter(pk=progress.job.pk).update(holder="another|1|1#0")
        progress(1, 1)
        raise AssertionError("went on without the lease")

    job = jobs.start(ACTOR, "t.slow")
    Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.holder, job.error) == ("running", "another|1|1#0", "")


def test_a_stopping_worker_hands_its_job_back_without_spending_a_try(kinds):
    steps = []
    hands = Worker()

    @jobs.job("t.long", title="长")
    def long(progress: jobs.Progress) -> None:
        for number in range(len(steps), 4):
            steps.append(number)
            if number == 1:
                hands.stop.set()
            progress(number + 1, 4)

    job = jobs.start(ACTOR, "t.long")
    hands.run_one()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("queued", 0, 2)
    Worker().run_one()
    job.refresh_from_db()
    assert job.state == "done"
    assert steps == [0, 1, 2, 3]


def test_an_unknown_kind_fails_with_words(kinds):
    job = Job.objects.create(kind="t.gone", title="旧任务")
    Worker().run_one()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "t.gone" in job.error


def test_a_failed_job_is_retried_by_its_owner_alone_and_once(kinds):
    jobs.job("t.none", title="空")(idle)
    job = jobs.start(ACTOR, "t.none")
    with pytest.raises(Conflict):
        jobs.retry(ACTOR, job=job)
    Job.objects.filter(pk=job.pk).update(state="failed", attempts=5, error="x")
    job.refresh_from_db()
    with pytest.raises(Forbidden):
        jobs.retry(Actor(8, 3, None, frozenset({"trainee"})), job=job)
    jobs.retry(ACTOR, job=job)
    assert (job.state, job.attempts, job.error) == ("queued", 0, "")


def test_one_sees_ones_own_jobs_and_a_registrar_those_of_the_school(kinds):
    jobs.job("t.none", title="空")(idle)
    job = jobs.start(ACTOR, "t.none")
    colleague = Actor(8, 3, None, frozenset({"registrar"}))
    assert visible(colleague, Job).get() == job
    for stranger in (Actor(8, 3, None, frozenset({"trainee"})), Actor(9, 4, None, frozenset({"registrar"}))):
        assert not visible(stranger, Job).exists()


# ---- schedules ----


def test_a_slot_is_taken_once_however_many_workers_ask(kinds):
    ran = []
    tick.every(minutes=10)(lambda: ran.append(1))
    now = timezone.now()
    assert sum(tick.take_due(now, {}) for _worker in range(3)) == 1
    assert sum(tick.take_due(now + timedelta(minutes=10), {}) for _worker in range(3)) == 1
    assert Tick.objects.count() == 2
    Worker().drain()
    # The second slot fell due before the first had run: one run makes both up.
    assert ran == [1]


def test_a_daily_schedule_falls_due_at_its_hour_of_the_academys_clock():
    schedule = tick.Schedule("t", at=time(3))
    zone = timezone.get_default_timezone()
    assert schedule.slot(datetime(2026, 5, 6, 3, 0, tzinfo=zone)) == datetime(2026, 5, 6, 3, tzinfo=zone)
    assert schedule.slot(datetime(2026, 5, 6, 2, 59, tzinfo=zone)) == datetime(2026, 5, 5, 3, tzinfo=zone)


def test_old_records_are_dropped_and_young_ones_kept(kinds):
    old = timezone.now() - timedelta(days=400)
    Job.objects.create(kind="t", title="旧", state="done", ended_at=old)
    kept = Job.objects.create(kind="t", title="等", created_at=old)
    Tick.objects.create(name="t", slot=old, job_id=1)
    tick.forget_old()
    assert list(Job.objects.all()) == [kept]
    assert not Tick.objects.exists()


# ---- on screen ----


def test_the_page_of_a_job_asks_again_until_it_is_over(client: Client):
    person = sit(client)
    job = Job.objects.create(kind="t", title="签发证书", person_id=person.person_id, total=300)
    place = f"/jobs/{job.pk}/"
    assert 'hx-trigger="every 2s"' in client.get(place).text
    part = client.get(place, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(minutes=9))
    assert "后台程序可能没有运行" in client.get(place).text
    Job.objects.filter(pk=job.pk).update(state="done", done=300, link="/certificates/")
    whole = client.get(place).text
    assert "every 2s" not in whole
    assert "/certificates/" in whole
    Job.objects.filter(pk=job.pk).update(state="failed", error="打印机没纸")
    assert "打印机没纸" in client.get(place).text
    assert client.post(f"{place}retry/").status_code == 302
    job.refresh_from_db()
    assert job.state == "queued"
    assert "签发证书" in client.get("/jobs/").text


def test_a_strangers_job_is_not_found(client: Client):
    sit(client)
    job = Job.objects.create(kind="t", title="别人的", person_id=10**9)
    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.post(f"/jobs/{job.pk}/retry/").status_code == 404


def test_the_system_acts_for_schedules(kinds):
    jobs.job("t.none", title="空")(idle)
    assert jobs.actor_of_job(jobs.start(SYSTEM, "t.none")) == SYSTEM
