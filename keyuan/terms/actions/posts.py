"""The list of posts and the rules of their length: begun with defaults, then the office's own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import School
from keyuan.terms.models import Post, PostName, TermRule
from keyuan.terms.rules import POSTS, RULES

audit.sentence("terms.defaults", "载入常用职务和任期规定：新增 {posts} 项职务")
audit.sentence("terms.post_added", "登记了职务：{thing}")
audit.sentence("terms.post_changed", "修改了职务：{thing}")
audit.sentence("terms.post_renamed", "职务更名：{thing}，自 {on} 起")
audit.sentence("terms.rule_set", "设定了任期规定：{thing}")


@transaction.atomic
def load_defaults(actor: Actor, *, school: School) -> int:
    """The usual posts and lengths of terms, where they are missing; what the office has stays. How many posts are new."""
    _asked(actor, school.pk)
    known = {(post.kind, post.duty) for post in Post.objects.filter(school=school)}
    made = [
        Post(school=school, kind=kind, duty=duty, name=name, single=single, watched=watched, order=place)
        for place, (kind, duty, name, single, watched) in enumerate(POSTS, 1)
        if (kind, duty) not in known
    ]
    ruled = set(TermRule.objects.filter(school=school).values_list("kind", flat=True))
    rules = [
        TermRule(school=school, kind=kind, since=since, years=years, extension_months=months, basis=basis)
        for kind, since, years, months, basis in RULES
        if kind not in ruled
    ]
    Post.objects.bulk_create(made)
    TermRule.objects.bulk_create(rules)
    if made or rules:
        audit.record(actor, "terms.defaults", school, posts=len(made))
    return len(made)


def _asked(actor: Actor, school_id: int) -> None:
    require(actor, "terms.posts", Post(school_id=school_id))


@transaction.atomic
def save_post(actor: Actor, *, post: Post | None, facts: Mapping[str, Any]) -> Post:
    """Register a post or correct it; kind and number of holders stay once somebody held it (the database says so).

    A name given here corrects a slip; a real change of name from a day on is `rename_post`.
    """
    one = post or Post(school_id=actor.school_id or 0)
    require(actor, "terms.posts", one)
    fresh = one.pk is None
    for name in ("kind", "duty", "name", "single", "watched", "active"):
        if name in facts:
            setattr(one, name, facts[name])
    if fresh:
        last = Post.objects.filter(school_id=one.school_id, kind=one.kind).aggregate(last=Max("order"))[
            "last"
        ]
        one.order = (last or 0) + 1
    others = Post.objects.filter(school_id=one.school_id, kind=one.kind, name=one.name).exclude(pk=one.pk)
    if others.exists():
        raise Fault(_("这类单位已有同名职务，请直接修改原来的。"), "name")
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as clash:
        raise Conflict(
            _("已有任期登记在这项职务上，不能改单位类别和人数；请停用后另立一项。"), "kind"
        ) from clash
    audit.record(actor, "terms.post_added" if fresh else "terms.post_changed", one)
    return one


@transaction.atomic
def rename_post(actor: Actor, *, post: Post, name: str, on: date) -> Post:
    """Give a post another name from a day on; for the days before, the old one is shown."""
    one = Post.objects.select_for_update().get(pk=post.pk)
    require(actor, "terms.posts", one)
    name = name.strip()
    if not name or name == one.name:
        raise Fault(_("请填写与现名不同的新名称。"), "name")
    if on > timezone.localdate():
        raise Fault(_("更名日期还没有到，请到那天再登记。"), "on")
    last = PostName.objects.filter(post=one).first()
    if last is not None and on < last.until:
        raise Fault(_("更名日期不能早于上一次更名（%(day)s）。") % {"day": last.until}, "on")
    if Post.objects.filter(school_id=one.school_id, kind=one.kind, name=name).exclude(pk=one.pk).exists():
        raise Fault(_("这类单位已有同名职务，请直接修改原来的。"), "name")
    PostName.objects.create(post=one, name=one.name, until=on)
    one.name = name
    one.save(update_fields=["name"])
    audit.record(actor, "terms.post_renamed", one, on=on)
    return one


@transaction.atomic
def set_rule(
    actor: Actor, *, kind: str, since: date, years: int, extension_months: int, basis: str
) -> TermRule:
    """Lay down how long terms last from a day on; the same kind and day again corrects the figures.

    Terms recorded already keep their days.
    """
    school_id = actor.school_id or 0
    _asked(actor, school_id)
    if not basis.strip():
        raise Fault(_("请写明依据（文件名称和条款）。"), "basis")
    figures = {"years": years, "extension_months": extension_months, "basis": basis.strip()[:200]}
    found, _fresh = TermRule.objects.update_or_create(
        school_id=school_id, kind=kind, since=since, defaults=figures
    )
    audit.record(actor, "terms.rule_set", found, years=years, extension_months=extension_months)
    return found
