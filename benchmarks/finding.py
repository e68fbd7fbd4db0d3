"""Searching 50,000 units of some sixty characters, and telling 3,000 persons; also with --postgres."""

import random
import statistics
import sys
from typing import Any

from ground import cpu, installation, timed

ROWS = next((int(word) for word in sys.argv[1:] if word.isdecimal()), 50_000)
WORDS = (
    "培训班", "科协", "人才", "机械工程", "学会", "广州市", "深圳市", "王伟", "李", "创新驱动", "党校", "青年科学家", "论坛",
    "能力提升", "基层组织", "研究会", "第一期", "汕头市", "农业", "电子",
)  # fmt: skip
QUERIES = (
    "机械工程", "王伟", "李", "广州市 科协", "创新驱动发展", "青年科学家论坛", "pxb", "jixie", "县长", "党校 能力提升",
    "dangxiao", "第一期 农业 电子", "29999", "科", "nlts",
)  # fmt: skip


def _units(school: Any) -> None:
    from keyuan.orgs.models import Organisation

    chance = random.Random(5)  # noqa: S311 - made-up names, no secret
    Organisation.objects.bulk_create(
        (
            Organisation(
                school=school, kind="society", name="".join(chance.choices(WORDS, k=6))[:40] + str(number),
                note="".join(chance.choices(WORDS, k=9)),
            )
            for number in range(ROWS)
        ),
        batch_size=2000,
    )  # fmt: skip


def _find(actor: Any) -> None:
    from keyuan.kernel import search

    costs = []
    for query in QUERIES:
        tries = []
        for _try in range(5):
            began = cpu()
            search.find(actor, query)
            tries.append((cpu() - began) * 1000)
        costs.append(statistics.median(tries))
    print(f"{len(QUERIES)} queries: median {statistics.median(costs):.1f} CPU-ms here, most {max(costs):.1f}")
    timed(
        "the same once more, with what the database spends", lambda: [search.find(actor, q) for q in QUERIES]
    )


def _tell() -> None:
    from django.db import transaction

    from keyuan.kernel import notify

    notify.kind("bench.told", title="演示", text="“{title}”演示")
    with transaction.atomic():
        timed("tell 3,000 persons", lambda: notify.tell(range(1, 3001), "bench.told", "/", title="培训班"))
    timed("deliver to 3,000 inboxes", notify.deliver)


def main() -> None:
    """Fill, index, find, tell."""
    with installation():
        from keyuan.kernel import search
        from keyuan.kernel.access import Actor
        from keyuan.orgs.models import Organisation, School

        search.FINDABLE.clear()
        search.register(
            Organisation, kind="单位", link=lambda unit: f"/{unit.pk}/", title=lambda unit: unit.name,
            text=lambda unit: unit.note,
        )  # fmt: skip
        school = School.objects.create(code="bench", name="演示党校")
        _units(school)
        timed(f"index {ROWS}", search.rebuild)
        _find(Actor(1, school.pk, None, frozenset({"registrar"})))
        _tell()


if __name__ == "__main__":
    main()
