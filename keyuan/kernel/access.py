"""Who may see what and who may do what: the one door every read and write passes."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=Model)
View = TypeVar("View", bound=Callable[..., Any])


class Forbidden(PermissionDenied):
    """The actor's seat does not carry this right; the message names the right in Chinese."""


@dataclass(frozen=True)
class Actor:
    """Somebody acting in one seat: a person, for a school or organisation, in roles."""

    person_id: int | None
    school_id: int | None
    organisation_id: int | None
    roles: frozenset[str] = field(default_factory=frozenset)
    seat_id: int | None = None
    label: str = ""

    @property
    def is_known(self) -> bool:
        """Whether somebody (or the system) stands behind this actor at all."""
        return self.person_id is not None or "system" in self.roles


ANONYMOUS = Actor(None, None, None)
SYSTEM = Actor(None, None, None, frozenset({"system"}), label="系统")


def system_of(school_id: int) -> Actor:
    """The system acting inside one school, for background work."""
    return Actor(None, school_id, None, frozenset({"system"}), label="系统")


@dataclass(frozen=True)
class Rule:
    """One right: its name, its Chinese title, the roles that may hold it, and what refines it."""

    name: str
    title: str
    roles: tuple[str, ...]
    test: Callable[[Actor, Any], bool]
    why: str
    # How far it reaches (范围), in the words an auditor reads: 本校, 本单位, 本班, 本人.
    limits: str = ""


Scope = Callable[[Actor, Any], Any]

SCOPES: dict[type[Model], Scope] = {}
RULES: dict[str, Rule] = {}
# Whether the current request has asked `visible`, `can` or `require`; the generated leak test reads it.
_asked: ContextVar[set[str] | None] = ContextVar("keyuan_asked", default=None)


def watch() -> set[str]:
    """Begin noting what is asked in this context; returns the growing set."""
    notes: set[str] = set()
    _asked.set(notes)
    return notes


def _note(what: str) -> None:
    notes = _asked.get()
    if notes is not None:
        notes.add(what)


def scope(model: type[Model]) -> Callable[[Scope], Scope]:
    """Register which rows of `model` an actor sees; one function a model."""

    def register(function: Scope) -> Scope:
        if model in SCOPES:
            raise RuntimeError(f"two scopes for {model._meta.label}")
        SCOPES[model] = function
        return function

    return register


def rule(
    name: str, *, title: str, roles: tuple[str, ...], limits: str = ""
) -> Callable[[Callable[[Actor, Any], bool]], Callable[[Actor, Any], bool]]:
    """Register a right; `limits` says in Chinese how far it reaches. An actor with none of `roles` is refused before the function is asked.

    The system acts where the function says so; it is not exempt from the function, only from the roles.
    """

    def register(function: Callable[[Actor, Any], bool]) -> Callable[[Actor, Any], bool]:
        if name in RULES:
            raise RuntimeError(f"two rules called {name}")
        why = (function.__doc__ or "").strip().split("\n")[0]
        RULES[name] = Rule(name, title, roles, function, why, limits)
        return function

    return register


def visible(actor: Actor, model: type[Row]) -> QuerySet[Row]:
    """The rows of `model` this actor may see; none at all when no scope is registered."""
    _note(f"visible:{model._meta.label}")
    rows: QuerySet[Row] = model._default_manager.all()
    function = SCOPES.get(model)
    if function is None or not actor.is_known:
        return rows.none()
    seen: QuerySet[Row] = function(actor, rows)
    return seen


def can(actor: Actor, name: str, thing: Any = None) -> bool:
    """Whether the actor holds the right over the thing. An unknown right is a programming error."""
    _note(f"can:{name}")
    found = RULES[name]
    if not actor.is_known:
        return False
    if "system" not in actor.roles and not actor.roles.intersection(found.roles):
        return False
    return found.test(actor, thing)


def require(actor: Actor, name: str, thing: Any = None) -> None:
    """Refuse with a sentence that names the missing right."""
    if not can(actor, name, thing):
        raise Forbidden(
            _("您当前的身份没有“%(title)s”的权限。如需办理，请切换身份或联系教务。")
            % {"title": _(RULES[name].title)}
        )


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request, as the seat middleware found it."""
    found: Actor = getattr(request, "actor", ANONYMOUS)
    return found


def public(view: View) -> View:
    """Mark a view that anybody may open; it must say itself what it shows."""
    marked = login_not_required(view)
    marked.is_public = True  # type: ignore[attr-defined] # a mark on a function, read by the leak test
    return marked


def signed_in(view: View) -> View:
    """Mark a view whose only subject is the person asking: it needs no scope, only a sign-in."""
    view.is_own = True  # type: ignore[attr-defined] # a mark on a function, read by the leak test
    return view
