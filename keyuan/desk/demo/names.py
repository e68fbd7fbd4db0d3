"""Facts of people who do not exist: names, an ID prefix that is not given out, numbers that reach nobody."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from keyuan.kernel.codes import id_check_digit

SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪曾周叶何徐苏邓梁罗冯潘戴钟欧阳"
GIVEN = (
    "云帆", "星河", "沐阳", "思源", "知远", "若谷", "望舒", "听澜", "青禾", "长风", "景行", "怀瑾", "予安", "清和",
    "修远", "明理", "向晨", "允中", "立言", "守正", "采薇", "南乔", "映雪", "书禾", "静姝", "语桐", "晓岚", "佳音",
    "雨霏", "凝晖", "之遥", "乐山", "秋实", "春晖", "海宁", "松年", "竹君", "兰心", "冬青", "夏木",
)  # fmt: skip
POSTS = (
    "主任科员", "副主任科员", "办公室主任", "办公室副主任", "秘书长", "副秘书长", "部长", "副部长", "科普专干", "学会专干",
    "组织人事干部", "宣传干部",
)  # fmt: skip
# 449999 belongs to no place, and 199 0000 numbers are used here only.
ID_PREFIX, PHONE_PREFIX = "449999", "1990000"
SEED = 2020


@dataclass(frozen=True)
class Invented:
    """One invented person (虚构人员)."""

    name: str
    sex: str
    birth_month: str
    id_number: str
    phone: str
    post_title: str


def invented(start: int = 0) -> Iterator[Invented]:
    """Invented people without end, the same ones each time; no name, ID number or phone twice."""
    chance = random.Random(SEED)  # noqa: S311 - invents people, guards nothing
    surnames = [*SURNAMES[:-2], "欧阳"]
    names = [f"{surname}{given}" for surname in surnames for given in GIVEN]
    chance.shuffle(names)
    for number, name in enumerate(names):
        year, month, day = chance.randint(1966, 1996), chance.randint(1, 12), chance.randint(1, 28)
        sex = chance.choice("男女")
        order = number % 500 * 2 + (sex == "男")
        first = f"{ID_PREFIX}{year}{month:02}{day:02}{order:03}"
        post = chance.choice(POSTS)
        if number >= start:
            yield Invented(
                name,
                sex,
                f"{year}-{month:02}",
                first + id_check_digit(first),
                f"{PHONE_PREFIX}{number:04}",
                post,
            )
