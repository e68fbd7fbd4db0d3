"""The list of posts and how long terms last."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.pages import page
from keyuan.orgs.models import School
from keyuan.terms import actions
from keyuan.terms.forms import PostForm, PostNameForm, RuleForm
from keyuan.terms.models import Post, TermRule
from keyuan.terms.views.frame import answered

BACK = "terms:posts"


def _crumbs() -> list[tuple[str, str]]:
    return [(_("任期"), reverse("terms:board")), (_("职务和任期规定"), reverse(BACK))]


@require_GET
def post_list(request: HttpRequest) -> HttpResponse:
    """Which posts there are, and the dated rules of their length with their sources."""
    actor = actor_of(request)
    require(actor, "terms.see")
    return page(
        request, "terms/posts.html", posts=visible(actor, Post).prefetch_related("former_names"),
        rules=visible(actor, TermRule), may=can(actor, "terms.posts"),
    )  # fmt: skip


def post_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Register a post or correct it."""
    actor = actor_of(request)
    post = get_object_or_404(visible(actor, Post), pk=pk) if pk else None
    require(actor, "terms.posts", post)
    form = PostForm(request.POST or None, post)
    title = _("修改职务") if post else _("登记职务")
    return answered(
        request, form, lambda: actions.save_post(actor, post=post, facts=form.cleaned_data), back=reverse(BACK),
        done=_("已保存。"), title=title, crumbs=_crumbs(),
    )  # fmt: skip


def post_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a post another name from a day on."""
    actor = actor_of(request)
    post = get_object_or_404(visible(actor, Post), pk=pk)
    require(actor, "terms.posts", post)
    form = PostNameForm(request.POST or None)
    lead = _("现名：%(name)s。这天之前的任期仍显示原名称。") % {"name": post.name}
    return answered(
        request, form, lambda: actions.rename_post(actor, post=post, **form.cleaned_data), back=reverse(BACK),
        done=_("已更名。"), title=_("职务更名"), lead=lead, crumbs=_crumbs(), submit=_("更名"),
    )  # fmt: skip


@require_POST
def post_defaults(request: HttpRequest) -> HttpResponse:
    """Load the usual posts and rules where they are missing."""
    actor = actor_of(request)
    require(actor, "terms.posts")
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    added = actions.load_defaults(actor, school=school)
    messages.success(request, _("已载入常用职务 %(n)s 项；原有的没有改动。") % {"n": added})
    return redirect(BACK)


def rule_add(request: HttpRequest) -> HttpResponse:
    """Lay down how long terms last from a day on."""
    actor = actor_of(request)
    require(actor, "terms.posts")
    form = RuleForm(request.POST or None)
    lead = _("从起用日期起新登记的任期按此计算；已登记的不变。同一类别同一日期再填一次即为更正。")
    return answered(
        request, form, lambda: actions.set_rule(actor, **form.cleaned_data), back=reverse(BACK), done=_("已设定。"),
        title=_("任期规定"), lead=lead, crumbs=_crumbs(),
    )  # fmt: skip
