"""A season from the database through the screens: asked for, worked out by a worker, shown, accepted, worked out anew."""

import argparse
import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ground import cpu, installation, timed, world


def _ground(leaders: int, classes: int, slots: int, seed: int) -> Any:
    """A school whose rows say what a generated instance says."""
    from keyuan.duty.models import Duty, Expertise, Theme
    from keyuan.duty.rules.cities import PLACES
    from keyuan.duty.rules.generating import THEMES, generate
    from keyuan.orgs.models import Organisation
    from keyuan.people.models import Availability, Person
    from keyuan.terms.models import Post, Term
    from keyuan.training.models import Session, TrainingClass

    raw = generate(leaders=leaders, classes=classes, slots=slots, seed=seed)
    found = world(places=10)
    school, codes = found.school, {name: code for name, code, _east, _north in PLACES}
    themes = {name: Theme.objects.create(school=school, name=name) for name in THEMES}
    posts = {
        "president": Post.objects.create(school=school, kind="society", duty="president", name="理事长"),
        "secretary": Post.objects.create(school=school, kind="city_association", duty="party_secretary", name="党组书记"),
    }  # fmt: skip
    for row in raw["leaders"]:
        city = row["role"] == "secretary"
        unit = Organisation.objects.create(
            school=school, kind="city_association" if city else "society", name=f"演示单位{row['id']}",
            field_or_region="" if city else row["field"], city_code=codes[row["city"]],
        )  # fmt: skip
        who = Person.objects.create(school=school, name=row["name"], organisation=unit, demo=True)
        term = Term.objects.create(
            school=school, organisation=unit, post=posts[row["role"]], holder=who, began="elected",
            starts=row["term"]["from"], due=row["term"]["to"],
        )  # fmt: skip
        Duty.objects.bulk_create(Duty(school=school, term=term, kind=kind) for kind in ("attend", "lecture"))
        Expertise.objects.bulk_create(
            Expertise(person=who, theme=themes[name], worth=worth) for name, worth in row["expertise"].items()
        )
        spans = {tuple(span) for span in row["unavailable"]}
        Availability.objects.bulk_create(
            Availability(school=school, person=who, kind="cannot", starts=a, ends=b) for a, b in spans
        )
    base, keys = found.training_class, {}
    for row in raw["classes"]:
        keys[row["id"]] = TrainingClass.objects.create(
            school=school, activity=base.activity, department=base.department, title=row["name"], starts=row["starts"],
            ends=row["ends"], nominate_by=row["starts"], venue=row["city"], head_teacher=found.registrar,
            places=row["places"], audience="演示", hours=Decimal(16), state="published",
        )  # fmt: skip
    held: Counter[tuple[str, str]] = Counter()
    for row in raw["slots"]:
        hour = 8 + held[row["class"], row["date"]]
        held[row["class"], row["date"]] += 1
        Session.objects.create(
            training_class=keys[row["class"]], school=school, title=f"{row['theme']}讲座", date=row["date"],
            half="am" if hour < 12 else "pm", starts=f"{hour:02d}:00", ends=f"{hour:02d}:45", hours=1,
        )  # fmt: skip
    return found


def main() -> None:
    """One generated year."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("leaders", 207), ("classes", 24), ("slots", 216), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with installation():
        print(f"seed {options.seed}, load {os.getloadavg()[0]:.1f}")
        found = _ground(options.leaders, options.classes, options.slots, options.seed)
        measured(found, random.Random(options.seed).random)  # noqa: S311 - which line drops out, no secret


def measured(found: Any, draw: Callable[[], float]) -> None:
    """Every step of the office, with what it costs."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from keyuan.duty.models import Proposal, Season
    from keyuan.kernel.models import Job
    from keyuan.kernel.worker import Worker

    client, worker = Client(), Worker()
    client.force_login(found.registrar.account)

    def post(path: str, **sent: Any) -> Any:
        answer = client.post(path, sent)
        assert answer.status_code == 302, (path, answer.status_code, answer.content.decode()[:2000])  # noqa: S101 - measured work must be right
        return answer

    def got(path: str) -> int:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101 - measured work must be right
        return len(answer.content)

    span = {"starts": date(2027, 1, 1), "ends": date(2027, 12, 31) + timedelta(days=30)}
    timed(
        "a season put down",
        lambda: post(
            "/duties/seasons/add/", title="演示", once_a_month="on", least_match=1, seconds=60, **span
        ),
    )
    season = Season.objects.get()
    season.classes.filter(training_class=found.training_class).delete()
    print(f"  {season.classes.count()} classes, {season.slots.count()} slots")

    def proposal(path: str, **sent: Any) -> Proposal:
        timed("  asked for", lambda: post(path, **sent))
        Job.objects.filter(state="queued").exclude(kind="duty.solve").delete()
        used = cpu()
        timed("  worked out by the worker", worker.run_one)
        row = Proposal.objects.first()
        assert row is not None  # noqa: S101 - measured work must be right
        stages = (row.result or {})["proof"]["stages"]
        print(
            f"  proposal {row.number}: {row.covered}/{row.duties}, gap {row.gap}, verifier's faults {len(row.faults)}, "
            f"changed {row.changed}, solver {sum(one['seconds'] for one in stages):.1f} s, {cpu() - used:.1f} CPU-s"
        )
        return row

    print("a proposal"), timed("  in all", lambda: proposal(f"/duties/seasons/{season.pk}/propose/"))
    row = Proposal.objects.get(number=1)

    def shown(*paths: str) -> None:
        for path in paths:
            got(f"/duties/{path}")
            used = cpu()
            with CaptureQueriesContext(connection) as asked:
                size = got(f"/duties/{path}")
            print(
                f"  {path or 'board'}: {(cpu() - used) * 1000:.0f} CPU-ms, {len(asked)} queries, {size // 1024} KiB"
            )

    shown(
        f"seasons/{season.pk}/", f"seasons/{season.pk}/slots/", f"proposals/{row.pk}/",
        f"proposals/{row.pk}/?q=1&sort=day",
    )  # fmt: skip
    timed("everything accepted", lambda: post(f"/duties/proposals/{row.pk}/accept/", act="all"))
    shown("", "?page=3", "?q=演示单位")
    lines = (row.result or {})["assignments"]
    gone = lines[int(draw() * len(lines))]
    print("worked out anew: somebody cannot come on those days")
    proposal(f"/duties/proposals/{row.pk}/replan/", away=f"{gone['leader']}-{gone['kind']}")
    timed(
        "its changes accepted",
        lambda: post(f"/duties/proposals/{Proposal.objects.latest('pk').pk}/accept/", act="all"),
    )


if __name__ == "__main__":
    main()
