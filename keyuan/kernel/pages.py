"""Answers: a whole page or one part of it, and lists with search, filter, sort and pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property, lazy
from jinja2 import Environment
from markupsafe import Markup

from keyuan.kernel.templating import at_one_place

ROWS = 50
COMPONENTS = "kernel/components.html"

Rows = QuerySet[Any] | Sequence[Any]
Dress = Callable[[QuerySet[Any]], QuerySet[Any]]


def templates() -> Environment:
    """The Jinja2 environment that Django built from the settings."""
    env: Environment = engines["jinja2"].env  # type: ignore[attr-defined] # Django's engine wraps it so
    return env


def basis(request: HttpRequest | None) -> dict[str, Any]:
    """What every template may name: the request, its CSRF field, and the components as `ui`."""
    values: dict[str, Any] = {"request": request, "csrf_token": "", "csrf_input": ""}
    if request is not None:
        values["csrf_token"] = token_of(request)
        values["csrf_input"] = CsrfInput(request)
    values["ui"] = templates().get_template(COMPONENTS).make_module(values)
    return values


def token_of(request: HttpRequest) -> str:
    """The CSRF token, made only where a template prints it, so that pages without forms set no cookie."""
    token: str = lazy(lambda: get_token(request), str)()
    return token


class CsrfInput:
    """The hidden CSRF field of a form, made only where it is printed, and once a page: its mask is costly."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def _html(self) -> str:
        field = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')
        return field.format(get_token(self.request))

    def __html__(self) -> str:
        return self._html

    def __str__(self) -> str:
        return self.__html__()


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece rather than a whole page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    request: HttpRequest | None, template: str, context: Mapping[str, Any], part: str | None = None
) -> str:
    """The text of a template or of one of its blocks.

    A block rendered alone does not run the template's top level: it must not lean on `{% set %}` or
    `{% import %}` written outside it (`ui` is always there).
    """
    values = basis(request) | dict(context)
    found = templates().get_template(template)
    with at_one_place():
        if part is None:
            return found.render(values)
        return "".join(found.blocks[part](found.new_context(values)))


def page(
    request: HttpRequest, template: str, *, part: str | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    """The whole page, or only its block `part` when htmx asks; messages then travel along as toasts."""
    if part is None or not wants_part(request):
        answer = HttpResponse(render(request, template, context), status=status)
    else:
        text = render(request, template, context, part)
        answer = HttpResponse(text + render(request, "kernel/toasts.html", {}), status=status)
    if part is not None:
        patch_vary_headers(answer, ["HX-Request"])
    return answer


class _Pages(Paginator):  # type: ignore[type-arg] # the stub's parameter exists for the checker only
    """Pages that sort keys instead of rows (分页): a late page then costs about as much as the first."""

    first: Sequence[Any] = ()

    def page(self, number: int | str) -> Page[Any]:
        """The rows of one page; of a query longer than a page, those whose keys a subquery sorted and counted off."""
        found = super().page(number)
        rows = self.object_list
        if (self.first and found.number == 1) or not self.count:
            found.object_list = self.first
        elif self.num_pages > 1 and isinstance(rows, QuerySet):
            found.object_list = _picked(rows, found.start_index() - 1, self.per_page)
        return found


def _is_plain(rows: QuerySet[Any]) -> bool:
    """Whether a key stands for one row, so that rows can be picked by their keys."""
    return not (rows.query.is_sliced or rows.query.distinct)


def _picked(rows: QuerySet[Any], start: int, count: int) -> QuerySet[Any]:
    """So many rows from a place on, in their order."""
    if not _is_plain(rows):
        return rows[start : start + count]
    return rows.filter(pk__in=rows.values("pk")[start : start + count])


def _of_keys(rows: QuerySet[Any], keys: Sequence[Any], dress: Dress | None) -> Sequence[Any]:
    """The rows with these keys, in the order of the keys; all of them were among `rows` a moment ago."""
    if not keys:
        return ()
    if dress is None:
        return list(rows.filter(pk__in=keys))
    found = {row.pk: row for row in dress(rows.model._default_manager.filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


def paginate(
    request: HttpRequest, rows: Rows, per: int = ROWS, key: str = "page", *,
    short: bool = False, searched: bool = False, dress: Dress | None = None,
) -> Page[Any]:  # fmt: skip
    """The page of rows that `?page=` names; a number outside gives the nearest page.

    A list that is mostly `short` is read at once, and counted only where it goes on. What is `searched` for is
    looked for once: the keys of the first page come with the count of all that was found. `dress` says what else
    belongs to rows fetched by their keys, so that the search need not be asked again to find them.
    """
    asked, pages = request.GET.get(key, "1"), _Pages(rows, per)
    if asked != "1" or not isinstance(rows, QuerySet):
        return pages.get_page(asked)
    if short:
        first = list(_picked(rows, 0, per + 1))
        if len(first) <= per:
            return Paginator(first, per).get_page(1)
        pages.first = first[:per]
    elif searched and _is_plain(rows) and not rows.query.group_by:
        keys = list(rows.values_list("pk", Window(Count("pk")))[:per])
        pages.count = keys[0][1] if keys else 0
        pages.first = _of_keys(rows, [pk for pk, _found in keys], dress)
    return pages.get_page(asked)


@dataclass(frozen=True)
class Listing:
    """One list as a person asked for it (列表): its rows, and links that change one thing and keep the rest."""

    page: Page[Any]
    q: str = ""
    sort: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sorts: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> Sequence[Any]:
        """The rows of this page."""
        found: Any = self.page.object_list
        return list(found)

    @property
    def total(self) -> int:
        """How many rows there are over all pages."""
        return self.page.paginator.count

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter hides rows, so that an empty list can say which of the two it is."""
        return bool(self.q or any(self.chosen.values()))

    def params(self, **changes: Any) -> dict[str, str]:
        """The query of this list with some values changed; empty values fall away, and so does the page."""
        values = {"q": self.q, "sort": self.sort, **self.chosen}
        values |= {name: "" if value is None else str(value) for name, value in changes.items()}
        return {name: value for name, value in values.items() if value}

    def link(self, **changes: Any) -> str:
        """`?…` for this list with some values changed."""
        return "?" + urlencode(self.params(**changes))

    def sort_link(self, key: str) -> str:
        """The link of a column head: first upwards, then downwards."""
        return self.link(sort=f"-{key}" if self.sort == key else key)

    def direction(self, key: str) -> str:
        """What `aria-sort` says of a column."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "none")


Narrow = Callable[[QuerySet[Any], str], QuerySet[Any]]


def listing(
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    search: Narrow | None = None,
    filters: Mapping[str, str | Narrow] | None = None,
    sorts: Mapping[str, str | Sequence[str]] | None = None,
    default: str = "",
    per: int = ROWS,
    dress: Dress | None = None,
) -> Listing:
    """Search, filter and sort `rows` as GET says; unknown sorts and empty filters are passed over.

    `filters`: GET name → lookup (`"state"`, `"organisation__kind"`) or a function of rows and value.
    `sorts`: column key → field or fields. Ties are broken by the primary key, so pages never overlap.
    A value that a lookup cannot read (a letter for a number) finds nothing rather than fails.
    """
    q = request.GET.get("q", "").strip()[:100]
    if q and search is not None:
        rows = search(rows, q)
    chosen = {name: request.GET.get(name, "").strip()[:100] for name in filters or {}}
    for name, rule in (filters or {}).items():
        if chosen[name]:
            rows = narrowed(rows, rule, chosen[name])
    sort = request.GET.get("sort", "")
    keys = sorts or {}
    if sort.lstrip("-") not in keys:
        sort = default
    if sort.lstrip("-") in keys:
        rows = rows.order_by(*order_of(keys[sort.lstrip("-")], downwards=sort.startswith("-")), "pk")
    elif not rows.ordered:
        rows = rows.order_by("pk")
    return Listing(paginate(request, rows, per, searched=bool(q), dress=dress), q, sort, chosen, tuple(keys))


def narrowed(rows: QuerySet[Any], rule: str | Narrow, value: str) -> QuerySet[Any]:
    """The rows one filter leaves."""
    if callable(rule):
        return rule(rows, value)
    try:
        return rows.filter(**{rule: value})
    except (ValueError, TypeError):
        return rows.none()


def order_of(fields: str | Sequence[str], *, downwards: bool) -> list[str]:
    """The ORDER BY of a column, turned round when downwards."""
    names = [fields] if isinstance(fields, str) else list(fields)
    if not downwards:
        return names
    return [name[1:] if name.startswith("-") else f"-{name}" for name in names]
