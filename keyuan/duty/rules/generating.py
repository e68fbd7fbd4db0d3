"""Makes a fictional year of any size, the same for the same seed: leaders of 21 cities, classes, slots, distances."""

import math
import random
from datetime import date, timedelta
from typing import Any

from keyuan.duty.rules.cities import CITIES, distances
from keyuan.duty.rules.reading import FORMAT

FIELDS = {"理科": 42, "工科": 68, "农科": 24, "医科": 42, "科普综合": 20}
THEMES = (
    "党的创新理论", "科技自立自强", "学会治理", "科学家精神", "科学普及", "人工智能",
    "生物医药", "海洋与农业", "先进制造", "绿色低碳", "学术诚信", "国际交流",
)  # fmt: skip
START = date(2027, 1, 4)


def generate(*, leaders: int, classes: int, slots: int, seed: int) -> dict[str, Any]:
    """An instance as docs/duty-instance.md describes it; about a third of every person's days are not free."""
    draw = random.Random(seed)  # noqa: S311 - made-up data, no secret
    offers = [_offer(draw, n, classes, leaders, slots) for n in range(classes)]
    return {
        "format": FORMAT,
        "title": f"虚构的一年：{leaders} 人、{classes} 个班、{slots} 个课次，种子 {seed}",
        "rules": {"once_a_month": True, "lecturers_per_class": max(1, math.ceil(slots / max(1, classes)))},
        "distance": {"unit": "km", "step": 10, "between": distances()},
        "leaders": [_leader(draw, n, leaders) for n in range(leaders)],
        "classes": offers,
        "slots": [_slot(draw, n, offers[n % classes]) for n in range(slots)] if classes else [],
    }


def _offer(draw: random.Random, n: int, classes: int, leaders: int, slots: int) -> dict[str, Any]:
    starts = START + timedelta(days=round(n * 350 / classes) + draw.randrange(0, 5))
    days = draw.choice((3, 4, 5)) if slots else 3
    return {
        "id": f"C{n + 1:03d}",
        "name": f"虚构第 {n + 1} 期",
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(days=days - 1)).isoformat(),
        "city": draw.choice(list(CITIES)) if draw.random() < 0.5 else "广州",
        "places": max(1, math.ceil(leaders * 1.39 / classes)),
        "themes": draw.sample(THEMES, 3),
    }


def _slot(draw: random.Random, n: int, offer: dict[str, Any]) -> dict[str, Any]:
    starts, ends = date.fromisoformat(offer["starts"]), date.fromisoformat(offer["ends"])
    return {
        "id": f"S{n + 1:04d}",
        "class": offer["id"],
        "date": (starts + timedelta(days=draw.randrange((ends - starts).days + 1))).isoformat(),
        "theme": draw.choice(offer["themes"] if draw.random() < 0.7 else THEMES),
    }


def _leader(draw: random.Random, n: int, leaders: int) -> dict[str, Any]:
    secretary = n >= leaders - leaders // 10
    ends = START + timedelta(days=draw.randrange(30, 5 * 365))
    return {
        "id": f"L{n + 1:03d}",
        "name": f"虚构人员{n + 1:03d}",
        "role": "secretary" if secretary else "president",
        "field": "市科协" if secretary else draw.choices(list(FIELDS), list(FIELDS.values()))[0],
        "city": list(CITIES)[n % 21] if secretary or draw.random() < 0.25 else "广州",
        "term": {"from": (ends - timedelta(days=5 * 365)).isoformat(), "to": ends.isoformat()},
        "needs": {"attend": 1, "lecture": 1},
        "expertise": {theme: draw.randrange(3, 11) for theme in draw.sample(THEMES, 4)},
        "unavailable": sorted(_busy(draw) for _ in range(8)),
    }


def _busy(draw: random.Random) -> list[str]:
    first = START + timedelta(days=draw.randrange(365))
    return [first.isoformat(), (first + timedelta(days=draw.randrange(6, 30))).isoformat()]
