"""One organisation: who holds what, the terms by 届, what was done with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import name_on
from keyuan.terms.models import Change, Post, PostName, Term
from keyuan.terms.queries.standing import live


def last_step(organisation_id: int, post_id: int) -> Change | None:
    """The latest step of a post that still stands: neither an undoing nor undone."""
    rows = Change.objects.filter(organisation_id=organisation_id, post_id=post_id, undone_by=None)
    return rows.exclude(kind=Change.Kind.UNDO).order_by("-pk").first()


def post_names(posts: Iterable[Post]) -> dict[int, list[PostName]]:
    """Former names of posts, the oldest first, in one query."""
    found: dict[int, list[PostName]] = {}
    rows = PostName.objects.filter(post_id__in=[post.pk for post in posts]).order_by("until", "pk")
    for name in rows:
        found.setdefault(name.post_id, []).append(name)
    return found


def post_name(post: Post, former: Sequence[PostName], day: date) -> str:
    """What a post was called on a day, from its former names in order of time."""
    return next((name.name for name in former if day < name.until), post.name)


def post_name_on(post: Post, day: date) -> str:
    """What a post was called on a day."""
    return post_name(post, post_names([post]).get(post.pk, []), day)


@dataclass
class PostLine:
    """One post of the organisation on a day (职务现状)."""

    post: Post
    name: str
    terms: list[Term] = field(default_factory=list)
    vacant_since: date | None = None

    @property
    def is_vacant(self) -> bool:
        """Whether nobody holds it, acting or not."""
        return not self.terms


@dataclass
class Council:
    """The terms of one 届, or those of none (number None)."""

    number: int | None
    terms: list[Term] = field(default_factory=list)

    @property
    def since(self) -> date:
        """The day its first term began."""
        return min(term.starts for term in self.terms)


@dataclass(frozen=True)
class OrganisationTerms:
    """All that is known of an organisation's posts as a day saw it."""

    organisation: Organisation
    name: str
    on: date
    lines: list[PostLine]
    councils: list[Council]
    changes: list[Change]
    undoable: frozenset[int]
    called: dict[int, str]


def _terms(actor: Actor, organisation: Organisation) -> list[Term]:
    rows = live(visible(actor, Term).filter(organisation=organisation))
    return list(rows.select_related("post", "holder").order_by("post__order", "acting", "starts", "pk"))


def _lines(posts: Sequence[Post], terms: Sequence[Term], called: dict[int, str], on: date) -> list[PostLine]:
    lines = []
    for post in posts:
        own = [term for term in terms if term.post_id == post.pk]
        held = [term for term in own if term.holder_id and term.holds_on(on)]
        ended = [term.ends for term in own if term.holder_id and term.ends and term.ends < on]
        line = PostLine(post, called[post.pk], held, max(ended) if ended and not held else None)
        if held or post.watched or own:
            lines.append(line)
    return lines


def _councils(terms: Sequence[Term]) -> list[Council]:
    found: dict[int | None, Council] = {}
    for term in terms:
        found.setdefault(term.number, Council(term.number)).terms.append(term)
    return sorted(found.values(), key=lambda council: (council.number or 0, council.since), reverse=True)


def of_organisation(actor: Actor, organisation: Organisation, on: date) -> OrganisationTerms:
    """The organisation's posts, councils and steps, named as on a day; a handful of queries for any number of terms."""
    posts = list(visible(actor, Post).filter(kind=organisation.kind))
    former = post_names(posts)
    called = {post.pk: post_name(post, former.get(post.pk, []), on) for post in posts}
    terms = _terms(actor, organisation)
    shown = [post for post in posts if post.active or any(term.post_id == post.pk for term in terms)]
    changes = list(
        visible(actor, Change)
        .filter(organisation=organisation)
        .select_related("post", "by", "undone_by")[:60]
    )
    undoable: dict[int, int] = {}
    for change in changes:
        if change.kind != Change.Kind.UNDO and not hasattr(change, "undone_by"):
            undoable.setdefault(change.post_id, change.pk)
    return OrganisationTerms(
        organisation, name_on(organisation, on), on, _lines(shown, terms, called, on), _councils(terms), changes,
        frozenset(undoable.values()), called,
    )  # fmt: skip
