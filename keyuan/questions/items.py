"""What a question is, without a database: the contract of formats, marking, models and screens.

Texts (`text`, `feedback`, `guide`, choices, parts) are the safe HTML of `richtext`; accepted answers,
titles, tags and units are plain words. A picture is carried by the item and shown by `<img src="name">`.
Shares are parts of the points: 1 is all, 0 nothing, below 0 takes away. Nothing here is checked when it is
made, so that what a file says can be told; `check` says what is wrong, and only a faultless item is kept.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

ONE, NONE = Decimal(1), Decimal(0)


class Kind(StrEnum):
    """What is asked of the learner (题型)."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUTH = "truth"
    BLANKS = "blanks"
    MATCHING = "matching"
    ORDERING = "ordering"
    NUMERIC = "numeric"
    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True)
class Picture:
    """A picture a question shows (附图): a file name without folders and its bytes (PNG, JPEG, GIF or WebP)."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Choice:
    """One answer to choose (选项), the share of the points it earns, and what is said to who chose it."""

    text: str
    share: Decimal = NONE
    feedback: str = ""


@dataclass(frozen=True)
class Single:
    """Choose one (单选题): its share is earned; at least one earns all. `shuffle`: shown in any order."""

    choices: tuple[Choice, ...]
    shuffle: bool = True


@dataclass(frozen=True)
class Multiple:
    """Choose all that are right (多选题). Right are the choices whose share is above 0.

    Shares of the chosen are added, never below 0 (so a wrong choice of -1 means 错选不得分、少选得部分分).
    `exact`: all points for exactly the right ones, else none.
    """

    choices: tuple[Choice, ...]
    exact: bool = False
    shuffle: bool = True


@dataclass(frozen=True)
class Truth:
    """Right or wrong (判断题): whether the statement is right, and what is said to either answer."""

    right: bool
    feedback_true: str = ""
    feedback_false: str = ""


@dataclass(frozen=True)
class Spelling:
    """How strictly words are compared (比对规则); all but `traditional` are forgiven unless said otherwise.

    `width`: full and half width are alike (Ａ＝A，（）＝())；`spaces`: blanks inside and around do not
    count between Chinese characters, and several are one elsewhere; `case`: capitals do not count;
    `traditional`: Traditional characters are as good as Simplified ones.
    """

    width: bool = True
    spaces: bool = True
    case: bool = True
    traditional: bool = False


@dataclass(frozen=True)
class Accepted:
    """One accepted answer in plain words (可接受答案). `wild`: each `*` in it stands for any words."""

    text: str
    share: Decimal = ONE
    feedback: str = ""
    wild: bool = False


@dataclass(frozen=True)
class Blank:
    """One blank to fill (空): its accepted answers, and how much it weighs beside the other blanks."""

    accepted: tuple[Accepted, ...]
    weight: int = 1


@dataclass(frozen=True)
class Blanks:
    """Fill in (填空题): blank number n stands in the item's text as `[[n]]`, from 1 and in order, once each."""

    blanks: tuple[Blank, ...]
    spelling: Spelling = Spelling()


@dataclass(frozen=True)
class Pair:
    """What belongs together (配对); several lefts may have the same right."""

    left: str
    right: str


@dataclass(frozen=True)
class Matching:
    """Find what belongs together (匹配题). `extra` are rights that belong to none. `exact`: all or nothing."""

    pairs: tuple[Pair, ...]
    extra: tuple[str, ...] = ()
    exact: bool = False
    shuffle: bool = True

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen for each left: the different rights in their order, then the extra ones."""
        return tuple(dict.fromkeys([*(pair.right for pair in self.pairs), *self.extra]))


@dataclass(frozen=True)
class Ordering:
    """Put in order (排序题): the parts in the right order. `exact`: all or nothing, else a share per right place."""

    parts: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True)
class Value:
    """An accepted number (数值答案): anything not further from it than `tolerance`, in the first unit."""

    value: Decimal
    tolerance: Decimal = NONE
    share: Decimal = ONE
    feedback: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit an answer may carry (单位): a number in it, divided by `factor`, is one in the first unit.

    1 m = 100 cm, so with metres first: Unit("m", 1), Unit("cm", 100).
    """

    name: str
    factor: Decimal = ONE


@dataclass(frozen=True)
class Numeric:
    """A number (数值题), its unit if any. `unit_needed`: without one the answer is wrong."""

    values: tuple[Value, ...]
    units: tuple[Unit, ...] = ()
    unit_needed: bool = False


@dataclass(frozen=True)
class Short:
    """A few words (简答题): compared with accepted answers; without any, a person marks it by `guide`."""

    accepted: tuple[Accepted, ...] = ()
    spelling: Spelling = Spelling()
    guide: str = ""


@dataclass(frozen=True)
class Long:
    """A text of one's own (论述题), always marked by a person: `guide` tells how, `template` stands in the field."""

    guide: str = ""
    template: str = ""


Body: TypeAlias = Single | Multiple | Truth | Blanks | Matching | Ordering | Numeric | Short | Long

KINDS: dict[type, Kind] = {
    Single: Kind.SINGLE,
    Multiple: Kind.MULTIPLE,
    Truth: Kind.TRUTH,
    Blanks: Kind.BLANKS,
    Matching: Kind.MATCHING,
    Ordering: Kind.ORDERING,
    Numeric: Kind.NUMERIC,
    Short: Kind.SHORT,
    Long: Kind.LONG,
}


@dataclass(frozen=True)
class Item:
    """One question (试题).

    `text` is what is asked, `body` what answers it. `code` is its number in the source it came from,
    `title` a short name for lists, both may be empty. `points` 0.01…1000 with two places. `category` is a
    path ("党建/理论"). `difficulty` 1 (容易) … 5 (难), 0 unknown. `feedback` is shown after marking to all.
    """

    text: str
    body: Body
    code: str = ""
    title: str = ""
    points: Decimal = ONE
    category: str = ""
    tags: tuple[str, ...] = ()
    difficulty: int = 0
    feedback: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def kind(self) -> Kind:
        """Which kind of question the body makes it."""
        return KINDS[type(self.body)]

    @property
    def by_person(self) -> bool:
        """Whether only a person can mark it."""
        return isinstance(self.body, Long) or (isinstance(self.body, Short) and not self.body.accepted)


def check(item: Item) -> list[str]:
    """What keeps the item from being used, in Chinese, each saying how to mend it; empty when nothing does."""
    from keyuan.questions.checking import faults_of

    return faults_of(item)
