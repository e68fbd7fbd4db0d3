"""Posts, the rules of their length, terms, and every step that was taken with a term."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.triggers import guard
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person


class Post(models.Model):
    """A post that organisations of one kind have (职务): 理事长, 秘书长, 党组书记."""

    class Duty(models.TextChoices):
        """What the post is to the house, whatever an organisation calls it: other rooms ask by this."""

        PRESIDENT = "president", _("理事长、会长")
        VICE_PRESIDENT = "vice_president", _("副理事长、副会长")
        SECRETARY_GENERAL = "secretary_general", _("秘书长")
        DEPUTY_SECRETARY = "deputy_secretary", _("副秘书长")
        SUPERVISOR = "supervisor", _("监事长")
        PARTY_SECRETARY = "party_secretary", _("党组书记、党组织书记")
        CHAIR = "chair", _("主席")
        VICE_CHAIR = "vice_chair", _("副主席")
        OTHER = "other", _("其他")

    school = models.ForeignKey(School, models.PROTECT, related_name="posts", verbose_name=_("分校"))
    kind = models.CharField(_("单位类别"), max_length=20, choices=Organisation.Kind)
    duty = models.CharField(_("职责"), max_length=20, choices=Duty, default=Duty.OTHER)
    name = models.CharField(_("名称"), max_length=40)
    order = models.PositiveIntegerField(_("次序"), default=0)
    single = models.BooleanField(_("只由一人担任"), default=True)
    watched = models.BooleanField(_("应有人担任"), default=False)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """In their order within a kind; a name stands once."""

        ordering = ("kind", "order", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "kind", "name"), name="one_post_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="post_has_a_name"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class PostName(models.Model):
    """A name a post carried until a day (职务曾用名), the day not included: 会长 before it was 理事长."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="former_names")
    name = models.CharField(_("曾用名"), max_length=40)
    until = models.DateField(_("用至"))

    class Meta:
        """Newest first."""

        ordering = ("-until", "-id")

    def __str__(self) -> str:
        """The former name."""
        return self.name


class TermRule(models.Model):
    """How long terms of a kind of organisation last from a day on (任期规定): dated figures with their source."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    kind = models.CharField(_("单位类别"), max_length=20, choices=Organisation.Kind)
    since = models.DateField(_("起用日期"))
    years = models.PositiveSmallIntegerField(_("每届年数"))
    extension_months = models.PositiveSmallIntegerField(_("延期最长（月）"))
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        """The newest first; a later row replaces none, it follows."""

        ordering = ("kind", "-since", "-id")
        constraints = (
            models.UniqueConstraint(fields=("school", "kind", "since"), name="one_term_rule_a_day"),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=10), name="term_years_are_sensible"),
            models.CheckConstraint(condition=Q(extension_months__lte=36), name="extension_is_sensible"),
        )

    def __str__(self) -> str:
        """Kind, years and from when."""
        return f"{self.get_kind_display()} {self.years} 年（{self.since:%Y-%m-%d} 起）"


class Term(models.Model):
    """One person's time in one post of one organisation (任期), or a time in which nobody held it (空缺).

    `due` is when it ends by statute, `extended_to` when it ends after the authorities agreed to a delay, `ends` the
    last day it was really held. A term past its day without `ends` goes on, overdue for election (超期未换届).
    """

    class Began(models.TextChoices):
        """How it began."""

        ELECTED = "elected", _("换届选举")
        RE_ELECTED = "re_elected", _("连选连任")
        BY_ELECTION = "by_election", _("届中补选")
        APPOINTED = "appointed", _("任命")
        ACTING = "acting", _("代理")
        VACANT = "vacant", _("空缺")

    class Ended(models.TextChoices):
        """How it ended, in neutral words."""

        EXPIRED = "expired", _("届满")
        RESIGNED = "resigned", _("辞任")
        MOVED = "moved", _("工作调动")
        REPLACED = "replaced", _("届中更换")
        RETIRED = "retired", _("退休")
        DIED = "died", _("在任期间离世")
        FILLED = "filled", _("已补齐")
        OTHER = "other", _("其他")

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="terms", verbose_name=_("单位")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="terms", verbose_name=_("职务"))
    number = models.PositiveSmallIntegerField(_("届次"), null=True, blank=True)
    holder = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("任职人")
    )
    starts = models.DateField(_("任职起"))
    due = models.DateField(_("任期至"), null=True, blank=True)
    extended_to = models.DateField(_("延期至"), null=True, blank=True)
    ends = models.DateField(_("实际离任"), null=True, blank=True)
    began = models.CharField(_("产生方式"), max_length=12, choices=Began)
    ended = models.CharField(_("离任方式"), max_length=12, choices=Ended, blank=True)
    acting = models.BooleanField(_("代理"), default=False)
    basis = models.CharField(_("依据"), max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """Newest first; a vacancy has no holder, everything else has one."""

        ordering = ("-starts", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="term_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(due=None) | Q(due__gte=F("starts")), name="term_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(extended_to=None) | Q(due__isnull=False, extended_to__gt=F("due")),
                name="term_extended_past_due",
            ),
            models.CheckConstraint(
                condition=Q(ends=None, ended="") | (Q(ends__isnull=False) & ~Q(ended="")),
                name="term_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(began="vacant", holder=None, acting=False)
                | (~Q(began="vacant") & Q(holder__isnull=False)),
                name="term_vacant_without_holder",
            ),
            models.CheckConstraint(
                condition=Q(began="acting", acting=True) | (~Q(began="acting") & Q(acting=False)),
                name="term_acting_says_so",
            ),
            models.UniqueConstraint(
                fields=("organisation", "post", "holder", "starts"),
                condition=Q(withdrawn_at=None),
                name="one_term_a_holder_and_day",
            ),
        )
        indexes = (
            models.Index(fields=("school", "ends", "due"), name="term_by_end"),
            models.Index(fields=("organisation", "post", "starts"), name="term_by_post"),
        )  # fmt: skip

    def __str__(self) -> str:
        """Post and 届."""
        return f"{self.post}（第 {self.number} 届）" if self.number else str(self.post)

    @property
    def deadline(self) -> date | None:
        """When it should end: the day agreed to, else the statutory one."""
        return self.extended_to or self.due

    def holds_on(self, day: date) -> bool:
        """Whether it was held on a day."""
        return self.withdrawn_at is None and self.starts <= day and (self.ends is None or day <= self.ends)


DEADLINE = Coalesce("extended_to", "due")


class Change(models.Model):
    """One step taken with terms of a post (任期变动): what each was before and after, by number, so that it can be undone."""

    class Kind(models.TextChoices):
        """What was done."""

        ELECT = "elect", _("任职")
        ACT = "act", _("代理")
        VACATE = "vacate", _("登记空缺")
        EXTEND = "extend", _("延期")
        REPLACE = "replace", _("提前更换")
        END = "end", _("离任")
        CORRECT = "correct", _("更正")
        UNDO = "undo", _("撤销")

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="term_changes")
    post = models.ForeignKey(Post, models.PROTECT, related_name="changes")
    kind = models.CharField(_("变动"), max_length=8, choices=Kind)
    # [{"term": id, "before": {field: value} or null when it was opened, "after": {field: value}}]
    lines = models.JSONField()
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Newest first; an undoing names what it undoes."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes=None)),
                name="change_undo_names_its_step",
            ),
        )
        indexes = (models.Index(fields=("organisation", "post", "-id"), name="change_by_post"),)

    def __str__(self) -> str:
        """What was done with which post."""
        return f"{self.get_kind_display()} · {self.post}"


guard("terms_term", "terms_term_alone", "terms_term_stays", "terms_term_kept")
guard("terms_change", "terms_change_no_update")
