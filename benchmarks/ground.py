"""The ground every measurement stands on: a throw-away installation, made-up people, and how cost is counted."""

import contextlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
UNITS = 40


@contextlib.contextmanager
def installation() -> Iterator[Path]:
    """A prepared installation of its own, on SQLite, or with --postgres on an embedded PostgreSQL server."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keyuan-bench-")))
        os.environ["KEYUAN_VAR"] = str(folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keyuan.project.settings")
        if "--postgres" in sys.argv:
            from tests.postgres import server

            os.environ["DATABASE_URL"] = stack.enter_context(server())
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, connections

        from keyuan.kernel import gathering

        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        gathering.gather()
        print(f"-- {connection.vendor}, Python {sys.version.split()[0]}, {os.cpu_count()} cores")
        try:
            yield folder
        finally:
            connections.close_all()


def cpu(*, children: bool = True) -> float:
    """CPU seconds spent so far by this process, and by the children it has waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) if children else (resource.RUSAGE_SELF,)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def timed(title: str, act: Callable[[], Any]) -> Any:
    """The result; prints wall seconds, CPU seconds (children included) and how many queries it took."""
    from django.db import connection

    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    began, used = time.perf_counter(), cpu()
    with connection.execute_wrapper(count):
        result = act()
    wall, spent = time.perf_counter() - began, cpu() - used
    print(f"{title}: {wall:.2f} s, {spent * 1000:.0f} CPU-ms, {queries} queries")
    return result


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass
class World:
    """A school with a registrar, units and one published class (演示)."""

    school: Any
    registrar: Any
    units: list[Any]
    training_class: Any
    actor: Any


def world(*, places: int) -> World:
    """A published class whose places are shared out equally; the registrar has an account and a seat."""
    from keyuan.orgs.models import Organisation, School
    from keyuan.people.middleware import actor_in
    from keyuan.people.models import Account, Person, Seat

    school = School.objects.create(code="demo", name="演示党校")
    units = [
        Organisation.objects.create(school=school, kind="society", name=f"演示{n:02d}学会", order=n)
        for n in range(UNITS)
    ]
    office = Person.objects.create(school=school, name="演示教务", pinyin="yanshijiaowu", demo=True)
    Account.objects.create_user(email="office@example.com", password="not a secret", person=office)  # noqa: S106 - a throw-away installation
    seat = Seat.objects.create(person=office, role="registrar", school=school)
    return World(school, office, units, published(school, office, units, places), actor_in(seat))


def published(school: Any, head: Any, units: list[Any], places: int, title: str = "演示培训班") -> Any:
    """A class open for nominations."""
    from keyuan.orgs.models import Organisation
    from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity
    from keyuan.training.models import QuotaShare, TrainingClass

    department, _new = Organisation.objects.get_or_create(school=school, kind="department", name="演示部")
    plan, _new = AnnualPlan.objects.get_or_create(school=school, year=2030, title="演示计划")
    kind, _new = ActivityType.objects.get_or_create(plan=plan, order=1, name="演示类")
    number = KeyActivity.objects.filter(plan=plan).count() + 1
    activity = KeyActivity.objects.create(plan=plan, type=kind, number=number, name=f"{title}{number}")
    starts = date.today() + timedelta(days=30)  # noqa: DTZ011 - any day ahead serves
    made = TrainingClass.objects.create(
        school=school, activity=activity, department=department, title=f"{title}{number}", starts=starts,
        ends=starts + timedelta(days=4), nominate_by=starts - timedelta(days=7), venue="演示报告厅", head_teacher=head,
        places=places, audience="演示学员", hours=Decimal(24), state="published",
    )  # fmt: skip
    share = -(-places // len(units))
    QuotaShare.objects.bulk_create(
        [QuotaShare(training_class=made, organisation=unit, places=share) for unit in units]
    )
    return made


def person(serial: int, unit: str) -> dict[str, str]:
    """One roster row of made-up data in an area that no real number uses."""
    from keyuan.kernel.codes import id_check_digit

    born = f"{1950 + serial // 1000 % 50}{serial // 84 % 12 + 1:02d}{serial % 28 + 1:02d}"
    first17 = f"449999{born}{serial % 1000:03d}"
    family, given = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
    name = family[serial % 20] + given[serial // 20 % 20] + given[serial // 400 % 20]
    return {
        "order": str(serial), "name": name, "sex": "男" if serial % 2 else "女", "birth_month": f"{born[:4]}-{born[4:6]}",
        "organisation": unit, "post_title": "高级工程师", "phone": f"199{serial:08d}", "email": f"p{serial}@example.com",
        "id_number": first17 + id_check_digit(first17), "remark": "演示", "lodging": "是" if serial % 3 else "否",
    }  # fmt: skip


def roster(path: Path, rows: int, *, start: int = 0) -> int:
    """Write a roster; one row in fifty is bad in one of four ways. Returns how many are good."""
    from keyuan.people.sheets import ROSTER

    bad = 0

    def lines() -> Iterator[dict[str, str]]:
        nonlocal bad
        for serial in range(start, start + rows):
            line = person(serial, f"演示{serial % UNITS:02d}学会")
            if serial % 50 == 49:
                bad += 1
                _spoil(line, serial // 50 % 4)
            yield line

    path.write_bytes(ROSTER.export(lines()))
    return rows - bad


def _spoil(line: dict[str, str], way: int) -> None:
    if way == 0:
        line["name"] = ""
    elif way == 1:
        line["id_number"] = line["id_number"][:-1] + ("1" if line["id_number"][-1] != "1" else "2")
    elif way == 2:
        line["organisation"] = "没有登记的学会"
    else:
        line.update(person(int(line["order"]) - 1, line["organisation"]))


def people(school: Any, units: list[Any], count: int, *, start: int = 0) -> list[Any]:
    """So many registered persons, without numbers to seal."""
    from keyuan.kernel import pinyin
    from keyuan.people.models import Person

    made = []
    for serial in range(start, start + count):
        name = person(serial, "")["name"]
        made.append(
            Person(
                school=school, name=name, pinyin=pinyin.index_of(name), organisation=units[serial % len(units)],
                post_title="高级工程师", id_index=f"{serial:064x}", demo=True,
            )
        )  # fmt: skip
    return Person.objects.bulk_create(made, batch_size=1000)
