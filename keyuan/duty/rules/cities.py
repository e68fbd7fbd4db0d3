"""The province's cities with rough coordinates, how far they lie apart by road, and where a text says something is."""

import math

# City, the first four figures of its code, longitude and latitude; roads are some 1.25 times the crow's way.
PLACES = (
    ("广州", "4401", 113.3, 23.1), ("深圳", "4403", 114.1, 22.5), ("珠海", "4404", 113.6, 22.3),
    ("汕头", "4405", 116.7, 23.4), ("佛山", "4406", 113.1, 23.0), ("韶关", "4402", 113.6, 24.8),
    ("河源", "4416", 114.7, 23.7), ("梅州", "4414", 116.1, 24.3), ("惠州", "4413", 114.4, 23.1),
    ("汕尾", "4415", 115.4, 22.8), ("东莞", "4419", 113.8, 23.0), ("中山", "4420", 113.4, 22.5),
    ("江门", "4407", 113.1, 22.6), ("阳江", "4417", 112.0, 21.9), ("湛江", "4408", 110.4, 21.2),
    ("茂名", "4409", 110.9, 21.7), ("肇庆", "4412", 112.5, 23.1), ("清远", "4418", 113.0, 23.7),
    ("潮州", "4451", 116.6, 23.7), ("揭阳", "4452", 116.4, 23.6), ("云浮", "4453", 112.0, 22.9),
)  # fmt: skip
CITIES = {name: (east, north) for name, _code, east, north in PLACES}
NAMES = tuple(CITIES)
CAPITAL = "广州"
_BY_CODE = {code: name for name, code, _east, _north in PLACES}


def km(one: str, other: str) -> int:
    """How far two cities lie apart by road, roughly, in kilometres."""
    (east, north), (east2, north2) = CITIES[one], CITIES[other]
    wide = (east - east2) * 111.3 * math.cos(math.radians((north + north2) / 2))
    return round(1.25 * math.hypot(wide, (north - north2) * 111.3))


def distances() -> list[list[str | int]]:
    """Every pair of cities once, as an instance tells it."""
    return [[one, other, km(one, other)] for n, one in enumerate(NAMES) for other in NAMES[n + 1 :]]


def city_of_code(code: str) -> str:
    """The city of an administrative code; the capital where there is none."""
    return _BY_CODE.get(code[:4], CAPITAL)


def city_in(text: str) -> str:
    """The city a venue names; the capital where it names none."""
    return next((name for name in NAMES if name in text), CAPITAL)
