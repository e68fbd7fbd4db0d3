"""Courses in editions, units and items; who learns them and what was done."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School
from keyuan.people.models import Person

OPEN = ("draft", "first", "second", "final")
MOST_TEXT = 20_000  # characters of one item


class Course(models.Model):
    """Something learnt online, in editions (网络课程)."""

    school = models.ForeignKey(School, models.CASCADE, related_name="online_courses", verbose_name=_("学校"))
    title = models.CharField(_("课程名称"), max_length=80)
    subject = models.CharField(_("领域"), max_length=30, blank=True)
    about = models.TextField(_("课程简介"), blank=True, max_length=1000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """The latest first; one title a school."""

        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("school", "title"), name="online_course_title_once"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Edition(models.Model):
    """One state of a course that is reviewed and learnt as a whole (版次)."""

    class State(models.TextChoices):
        """Where it stands on its way to the learners."""

        DRAFT = "draft", _("编写中")
        FIRST = "first", _("待初审")
        SECOND = "second", _("待复审")
        FINAL = "final", _("待终审")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已下架")

    course = models.ForeignKey(Course, models.CASCADE, related_name="editions", verbose_name=_("课程"))
    number = models.PositiveSmallIntegerField(_("第几版"), default=1, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    reason = models.CharField(_("退回或下架理由"), max_length=200, blank=True, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False)
    first_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False)
    second_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False)
    final_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, editable=False)

    class Meta:
        """One open edition a course; maker and the three reviewers are four persons."""

        ordering = ("-course_id", "-number")
        constraints = (
            models.UniqueConstraint(fields=("course", "number"), name="online_edition_number_once"),
            models.UniqueConstraint(fields=("course",), condition=Q(state__in=OPEN), name="one_open_edition"),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN, "published", "withdrawn"]), name="online_edition_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(first_by=None) | ~Q(first_by=F("made_by")))
                & (Q(second_by=None) | ~Q(second_by=F("made_by")))
                & (Q(final_by=None) | ~Q(final_by=F("made_by"))),
                name="nobody_reviews_the_own_edition",
            ),
            models.CheckConstraint(
                condition=(Q(second_by=None) | ~Q(second_by=F("first_by")))
                & (Q(final_by=None) | (~Q(final_by=F("first_by")) & ~Q(final_by=F("second_by")))),
                name="three_reviewers_differ",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "withdrawn"])
                | Q(first_by__isnull=False, second_by__isnull=False, final_by__isnull=False),
                name="published_after_three_reviews",
            ),
        )

    def __str__(self) -> str:
        """Its course and number."""
        return f"{self.course}（第 {self.number} 版）"


class Unit(models.Model):
    """A part of an edition (单元)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="units")
    title = models.CharField(_("单元名称"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        """In their order."""

        ordering = ("order", "id")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Item(models.Model):
    """One thing to read or to open (学习内容)."""

    class Kind(models.TextChoices):
        """What sort of thing."""

        TEXT = "text", _("图文")
        LINK = "link", _("外部链接")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="items", verbose_name=_("单元"))
    kind = models.CharField(_("类型"), max_length=6, choices=Kind, default=Kind.TEXT)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("正文"), blank=True, max_length=MOST_TEXT)
    address = models.URLField(_("链接"), blank=True, validators=[URLValidator(("https", "http"))])
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        """In their order; a text has words, a link leads somewhere."""

        ordering = ("order", "id")
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind="text") & ~Q(text="")) | (Q(kind="link") & ~Q(address="")),
                name="online_item_has_what_its_kind_needs",
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Enrolment(models.Model):
    """Somebody learning one edition (选课)."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.CASCADE, related_name="online_enrolments")
    at = models.DateTimeField(_("选课时间"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("学完时间"), null=True, editable=False)

    class Meta:
        """Once a person and edition."""

        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("edition", "person"), name="enrolled_once"),)

    def __str__(self) -> str:
        """What is learnt; who learns it stays with the row."""
        return str(self.edition)


class Done(models.Model):
    """One item that one learner has finished (已学内容)."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="done")
    item = models.ForeignKey(Item, models.PROTECT, related_name="done")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """Once, however often it is said."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("enrolment", "item"), name="item_done_once"),)

    def __str__(self) -> str:
        """The item."""
        return str(self.item)
