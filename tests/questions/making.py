"""Questions of every kind, made up by hypothesis: faultless, as a bank holds them."""

from decimal import Decimal

from hypothesis import strategies as st

from keyuan.questions import items as it
from keyuan.questions.richtext import clean, from_plain

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8
WORDS = st.text("科学技术协会 学时abcXY12=~#{}:\\%&<>*-_→，。（）[]", min_size=1, max_size=12).map(
    lambda x: " ".join(x.split())
)
WORD = WORDS.filter(lambda words: bool(words) and "[[" not in words)
TEXT = st.one_of(
    WORD.map(from_plain),
    st.tuples(WORD, WORD).map(lambda two: clean(f"<p>{from_plain(two[0])}</p><p>H<sub>2</sub>O {from_plain(two[1])}</p>")),
)  # fmt: skip
MAYBE = st.one_of(st.just(""), TEXT)
LABEL = st.text("科协党校abc12", min_size=1, max_size=8)
PERCENT = st.sampled_from([Decimal(n) / 100 for n in (0, 10, 25, 50, 75)])


def texts(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(TEXT, min_size=least, max_size=most, unique_by=lambda text: clean(text).casefold())


@st.composite
def singles(draw) -> it.Single:
    made = [it.Choice(text, draw(PERCENT), draw(MAYBE)) for text in draw(texts(2, 5))]
    right = draw(st.integers(0, len(made) - 1))
    made[right] = it.Choice(made[right].text, it.ONE, made[right].feedback)
    return it.Single(tuple(made), draw(st.booleans()))


@st.composite
def multiples(draw) -> it.Multiple:
    asked = draw(texts(3, 5))
    right = draw(st.integers(2, len(asked)))
    share = (it.ONE / right).quantize(Decimal("0.00001"))
    wrong = draw(st.sampled_from([it.NONE, -it.ONE, Decimal("-0.5")]))
    made = [
        it.Choice(text, share if place < right else wrong, draw(MAYBE)) for place, text in enumerate(asked)
    ]
    exact = draw(st.booleans())
    if exact:
        made = [it.Choice(each.text, max(each.share, it.NONE), each.feedback) for each in made]
    return it.Multiple(tuple(draw(st.permutations(made))), exact, draw(st.booleans()))


SPELLINGS = st.builds(it.Spelling, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@st.composite
def accepted(draw) -> tuple[it.Accepted, ...]:
    words = draw(st.lists(WORD.filter(lambda w: "*" not in w), min_size=1, max_size=3, unique=True))
    first = it.Accepted(words[0], it.ONE, draw(MAYBE))
    return (first, *(it.Accepted(each, draw(PERCENT), draw(MAYBE)) for each in words[1:]))


@st.composite
def blank_items(draw) -> it.Item:
    blanks = draw(st.lists(st.builds(it.Blank, accepted(), st.integers(1, 3)), min_size=1, max_size=3))
    words = [draw(LABEL) for _blank in range(len(blanks) + 1)]
    text = words[0] + "".join(f"[[{number}]]{word}" for number, word in enumerate(words[1:], 1))
    return draw(
        st.builds(it.Item, st.just(text), st.just(it.Blanks(tuple(blanks), draw(SPELLINGS))), **COMMON)
    )


@st.composite
def matchings(draw) -> it.Matching:
    lefts, rights = draw(texts(2, 4)), draw(texts(3, 5))
    pairs = tuple(it.Pair(left, draw(st.sampled_from(rights[:-1]))) for left in lefts)
    extra = tuple(dict.fromkeys(each for each in rights if each not in {pair.right for pair in pairs}))
    return it.Matching(pairs, extra, draw(st.booleans()), draw(st.booleans()))


ORDERINGS = st.builds(it.Ordering, texts(2, 5).map(tuple), st.booleans())


@st.composite
def numerics(draw) -> it.Numeric:
    number = st.decimals(-9999, 9999, places=3, allow_nan=False)
    room = st.decimals(0, 10, places=2)
    values = [it.Value(draw(number), draw(room), it.ONE, draw(MAYBE))]
    values += [
        it.Value(draw(number), draw(room), draw(PERCENT), draw(MAYBE))
        for _more in range(draw(st.integers(0, 1)))
    ]
    names = draw(st.lists(st.sampled_from(["米", "厘米", "kg", "%", "元"]), max_size=3, unique=True))
    units = tuple(it.Unit(name, Decimal(10) ** place) for place, name in enumerate(names))
    return it.Numeric(tuple(values), units, bool(units) and draw(st.booleans()))


SHORTS = st.one_of(
    st.builds(it.Short, accepted(), SPELLINGS),
    st.builds(it.Short, st.just(()), st.just(it.Spelling()), MAYBE),
)
LONGS = st.builds(it.Long, MAYBE, MAYBE)
TRUTHS = st.builds(it.Truth, st.booleans(), MAYBE, MAYBE)
BODIES = {
    it.Kind.SINGLE: singles(),
    it.Kind.MULTIPLE: multiples(),
    it.Kind.TRUTH: TRUTHS,
    it.Kind.MATCHING: matchings(),
    it.Kind.ORDERING: ORDERINGS,
    it.Kind.NUMERIC: numerics(),
    it.Kind.SHORT: SHORTS,
    it.Kind.LONG: LONGS,
}
COMMON = {
    "code": st.one_of(st.just(""), LABEL),
    "title": st.one_of(st.just(""), LABEL),
    "points": st.sampled_from([Decimal(1), Decimal("2.5"), Decimal("0.01"), Decimal(10)]),
    "category": st.one_of(st.just(""), LABEL, st.just("党建/理论")),
    "tags": st.lists(LABEL, max_size=2, unique=True).map(tuple),
    "difficulty": st.integers(0, 5),
    "feedback": MAYBE,
}


def a(kind: it.Kind) -> st.SearchStrategy[it.Item]:
    """Items of one kind."""
    if kind is it.Kind.BLANKS:
        return blank_items()
    return st.builds(it.Item, TEXT, BODIES[kind], **COMMON)


ITEMS = st.sampled_from(list(it.Kind)).flatmap(a)
