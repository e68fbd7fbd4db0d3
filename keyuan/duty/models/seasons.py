"""What a season's proposal is made from and what came of it: themes, expertise, classes and slots, proposals, acceptance."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.duty.models.duties import Duty, DutyPlan
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass

TOP = 10


class Theme(models.Model):
    """What lectures are about (讲课主题): the words it is known by, and who can speak of it without more ado."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    name = models.CharField(_("主题"), max_length=40)
    words = models.CharField(_("课题中的字词"), max_length=200, blank=True)
    fields = models.CharField(_("相近的学科"), max_length=100, blank=True)
    base = models.PositiveSmallIntegerField(
        _("人人可讲的分数"), default=0, validators=[MaxValueValidator(TOP)]
    )

    class Meta:
        """By name, each once in a school."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("school", "name"), name="one_theme_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="theme_has_a_name"),
            models.CheckConstraint(condition=Q(base__lte=TOP), name="theme_base_to_ten"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Expertise(models.Model):
    """How well somebody can speak of a theme (专长), from 1 to 10, as the office put it down."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="expertises", verbose_name=_("人员"))
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="experts", verbose_name=_("主题"))
    worth = models.PositiveSmallIntegerField(
        _("分数"), validators=[MinValueValidator(1), MaxValueValidator(TOP)]
    )

    class Meta:
        """The best first; once a person and theme."""

        ordering = ("-worth", "theme")
        constraints = (
            models.UniqueConstraint(fields=("person", "theme"), name="one_expertise_a_theme"),
            models.CheckConstraint(condition=Q(worth__gte=1, worth__lte=TOP), name="expertise_to_ten"),
        )

    def __str__(self) -> str:
        """Theme and points."""
        return f"{self.theme} {self.worth}"


class Season(models.Model):
    """A span of months for which attending and lecturing are proposed together (排期), with its rules."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    title = models.CharField(_("名称"), max_length=80)
    starts = models.DateField(_("自"))
    ends = models.DateField(_("至"))
    once_a_month = models.BooleanField(_("同一人一个月只安排一次"), default=True)
    least_match = models.PositiveSmallIntegerField(
        _("讲课主题至少相符几分"), default=1, validators=[MaxValueValidator(TOP)]
    )
    farthest = models.PositiveIntegerField(_("路程最远（公里）"), null=True, blank=True)
    seconds = models.PositiveSmallIntegerField(
        _("最多计算多少秒"), default=60, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("建立人"))

    class Meta:
        """The latest first."""

        ordering = ("-starts", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="season_ends_after_start"),
            models.CheckConstraint(condition=~Q(title=""), name="season_has_a_title"),
        )
        indexes = (models.Index(fields=("school", "-starts"), name="season_by_start"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class SeasonClass(models.Model):
    """A class that takes part in a season (参加排期的班次): places to listen, lecturers at most, city."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="classes")
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="+", verbose_name=_("班次")
    )
    places = models.PositiveSmallIntegerField(_("听课名额"))
    lecturers = models.PositiveSmallIntegerField(_("讲课人数上限"))
    city = models.CharField(_("城市"), max_length=10)

    class Meta:
        """In the order they were taken in; once a class."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("season", "training_class"), name="class_once_a_season"),
        )

    def __str__(self) -> str:
        """The class."""
        return str(self.training_class)


class SeasonSlot(models.Model):
    """A session that one of the leaders may lecture in (可讲的课次), with its theme."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="slots")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+", verbose_name=_("课次"))
    theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("主题")
    )

    class Meta:
        """In the order they were taken in; once a session."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("season", "session"), name="session_once_a_season"),
        )  # fmt: skip

    def __str__(self) -> str:
        """The session."""
        return str(self.session)


class Proposal(models.Model):
    """Who attends which class and who lectures in which slot, as asked and as worked out (排期方案).

    Instance and result hold numbers instead of names, so that a proposal can stay when a name must go.
    """

    season = models.ForeignKey(Season, models.CASCADE, related_name="proposals", verbose_name=_("排期"))
    number = models.PositiveSmallIntegerField(_("方案号"))
    after = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("重排自")
    )
    # What dropped out: {"leaders": ["L1"], "classes": ["C2"], "slots": ["S3"]}.
    out = models.JSONField(_("退出"), default=dict)
    # docs/duty-instance.md: keyuan.duty/1 and keyuan.duty.proposal/1.
    instance = models.JSONField(_("算例"))
    result = models.JSONField(_("方案"), null=True, blank=True)
    duties = models.PositiveIntegerField(_("任务"), default=0)
    covered = models.PositiveIntegerField(_("排上"), default=0)
    changed = models.PositiveIntegerField(_("调整"), default=0)
    gap = models.BigIntegerField(_("差距"), null=True, blank=True)
    # What the independent verifier found; empty when sound.
    faults = models.JSONField(_("复核"), default=list)
    job_id = models.BigIntegerField(null=True, editable=False)
    asked_at = models.DateTimeField(_("提交时间"), default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )
    solved_at = models.DateTimeField(_("算完时间"), null=True, blank=True)

    class Meta:
        """The newest first; numbered within the season."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("season", "number"), name="one_proposal_a_number"),
            models.CheckConstraint(
                condition=Q(solved_at=None, gap=None) | Q(solved_at__isnull=False, gap__isnull=False),
                name="proposal_solved_with_its_gap",
            ),
        )

    def __str__(self) -> str:
        """Season and number."""
        return f"{self.season} · {self.number}"

    @property
    def is_solved(self) -> bool:
        """Whether it has been worked out."""
        return self.solved_at is not None


class Acceptance(models.Model):
    """That lines of a proposal became plans (采纳), and that this was taken back."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(_("采纳时间"), default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("采纳人")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("撤销人")
    )

    class Meta:
        """The newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """The proposal."""
        return str(self.proposal)


class AcceptedLine(models.Model):
    """One duty that an acceptance planned, or whose plan it took away (采纳的一行)."""

    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="lines")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+")
    plan = models.OneToOneField(DutyPlan, models.CASCADE, null=True, blank=True, related_name="accepted")
    replaced = models.ForeignKey(DutyPlan, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        """Each duty once an acceptance; a line does something."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("acceptance", "duty"), name="duty_once_an_acceptance"),
            models.CheckConstraint(
                condition=Q(plan__isnull=False) | Q(replaced__isnull=False),
                name="accepted_line_does_something",
            ),
        )

    def __str__(self) -> str:
        """The duty."""
        return str(self.duty)
