"""CPU and queries of the main pages: a class of 300 trainees in a school of 10,000 people; --profile=PATH for one."""

import sys
import time
from typing import Any

from ground import UNITS, World, installation, people, published, world

TIMES = 20
TRAINEES, PEOPLE = 300, 10_000
TWO_SMALL = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]


def filled(ground: World) -> dict[str, str]:
    """10,000 people, 300 of them in one class, all of them nominated to another; the pages by title."""
    from keyuan.training.models import Nomination, QuotaShare, TrainingClass

    crowd = people(ground.school, ground.units, PEOPLE)
    big = published(ground.school, ground.registrar, ground.units, PEOPLE)
    for held, chosen, state in (
        (ground.training_class, crowd[:TRAINEES], "admitted"),
        (big, crowd, "submitted"),
    ):
        rows = [
            Nomination(training_class=held, person=each, organisation_id=each.organisation_id, state=state)
            for each in chosen
        ]
        Nomination.objects.bulk_create(rows, batch_size=1000)
        QuotaShare.objects.filter(training_class=held).update(used=len(chosen) // UNITS)
    TrainingClass.objects.filter(pk=ground.training_class.pk).update(taken=TRAINEES)
    here, there = f"/classes/{ground.training_class.pk}", f"/classes/{big.pk}"
    return {
        "home": "/",
        "list of classes": "/classes/",
        "class of 300": f"{here}/",
        "its roster (100 a page)": f"{here}/roster/",
        "its review list": f"{here}/nominations/",
        "its timetable": f"{here}/timetable/",
        "its closing checklist": f"{here}/closing/",
        "shares of 40 units": f"{here}/shares/",
        "nominating": f"{here}/nominate/",
        "10,000 nominations": f"{there}/nominations/",
        "10,000 nominations, page 150": f"{there}/nominations/?page=150",
        "10,000 nominations, searched": f"{there}/nominations/?q=wang",
        "10,000 people": "/people/",
        "10,000 people, page 150": "/people/?page=150",
        "10,000 people, searched": "/people/?q=王伟",
        "one person": f"/people/{crowd[0].pk}/",
    }


def hello_ms() -> float:
    """CPU-ms of a trivial page behind two small middlewares, now."""
    from django.test import Client, override_settings

    with override_settings(ROOT_URLCONF="hello", MIDDLEWARE=TWO_SMALL):
        client = Client()
        client.get("/")
        began = time.process_time()
        for _turn in range(200):
            client.get("/")
        return (time.process_time() - began) * 5


def measured(client: Any, path: str) -> tuple[float, int, int, int]:
    """CPU-ms of a request (the least of four rounds, since others share the machine), queries, KiB and status."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        asked.append(sql)
        return execute(sql, *arguments)

    client.get(path)
    with connection.execute_wrapper(note):
        answer = client.get(path)
    if "--queries" in sys.argv:
        print("\n".join(f"    {sql[:1200]}" for sql in asked))
    rounds = []
    for _round in range(4):
        began = time.process_time()
        for _turn in range(TIMES // 4):
            client.get(path)
        rounds.append((time.process_time() - began) / (TIMES // 4) * 1000)
    return min(rounds), len(asked), len(answer.content) // 1024, answer.status_code


def main() -> None:
    """Measure every page, or profile one."""
    wanted = next((word.split("=", 1)[1] for word in sys.argv if word.startswith("--profile=")), "")
    with installation():
        from django.test import Client

        ground = world(places=400)
        pages = filled(ground)
        client = Client()
        client.force_login(ground.registrar.account)
        if wanted:
            _profile(client, pages[wanted])
            return
        print(f"{'page':32}{'CPU-ms':>8}{'x hello':>9}{'queries':>9}{'KiB':>6}")
        for title, path in pages.items():
            hello = hello_ms()
            spent, queries, size, status = measured(client, path)
            told = f"{title:32}{spent:8.1f}{spent / hello:9.0f}{queries:9}{size:6}"
            print(told + ("" if status == 200 else f"  status {status}"))
        print(f"hello: {hello_ms():.2f} CPU-ms")


def _profile(client: Any, path: str) -> None:
    import cProfile
    import pstats

    print(measured(client, path))
    profile = cProfile.Profile()
    for _turn in range(10):
        profile.runcall(client.get, path)
    pstats.Stats(profile).sort_stats("cumtime").print_stats(60)


if __name__ == "__main__":
    main()
