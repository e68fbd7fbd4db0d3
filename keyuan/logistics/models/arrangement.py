"""What is asked of a class, what has been told to it, its groups and its posts."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.training.models import Nomination, TrainingClass

# What can be told to the trainees, each by itself: provisional never looks final.
PARTS = (
    ("groups", _("分组和班委")),
    ("rooms", _("住宿")),
    ("rides", _("车次")),
    ("seats", _("座次")),
    ("tables", _("桌次")),
    ("handbook", _("学员手册")),
)


class Meal(models.TextChoices):
    """Which meal of a day (餐次)."""

    BREAKFAST = "breakfast", _("早餐")
    LUNCH = "lunch", _("午餐")
    DINNER = "dinner", _("晚餐")


class Arrangement(models.Model):
    """How one class is looked after (会务安排): what is asked, what has been told, how long answers are kept."""

    training_class = models.OneToOneField(
        TrainingClass, models.PROTECT, related_name="arrangement", verbose_name=_("班次")
    )
    asks_diet = models.BooleanField(_("询问用餐需要"), default=False)
    asks_room = models.BooleanField(_("询问住宿需要"), default=False)
    asks_branch = models.BooleanField(_("询问是否参加班级临时党支部"), default=False)
    asks_phone = models.BooleanField(_("询问通讯录是否印手机号"), default=False)
    answer_by = models.DateField(_("填写截止"), null=True, blank=True)
    # 一班一档 is shelved about a month after closing; the office may shorten or lengthen it a class.
    keep_days = models.PositiveSmallIntegerField(
        _("结班后保留天数"), default=30, validators=[MinValueValidator(0), MaxValueValidator(180)]
    )
    table_size = models.PositiveSmallIntegerField(
        _("每桌人数"), default=10, validators=[MinValueValidator(2), MaxValueValidator(30)]
    )
    first_meal = models.CharField(_("首日从哪一餐起"), max_length=10, choices=Meal, default=Meal.LUNCH)
    last_meal = models.CharField(_("末日到哪一餐止"), max_length=10, choices=Meal, default=Meal.LUNCH)
    rules_text = models.TextField(_("学员守则"), blank=True)
    groups_told_at = models.DateTimeField(null=True, editable=False)
    rooms_told_at = models.DateTimeField(null=True, editable=False)
    rides_told_at = models.DateTimeField(null=True, editable=False)
    seats_told_at = models.DateTimeField(null=True, editable=False)
    tables_told_at = models.DateTimeField(null=True, editable=False)
    handbook_told_at = models.DateTimeField(null=True, editable=False)
    # kernel.StoredFile of the newest handbook.
    handbook_id = models.BigIntegerField(null=True, editable=False)
    purged_at = models.DateTimeField(_("清除时间"), null=True, editable=False)

    class Meta:
        """One a class."""

        constraints = (
            models.CheckConstraint(condition=Q(keep_days__lte=180), name="answers_kept_half_a_year_at_most"),
        )

    def __str__(self) -> str:
        """The class."""
        return str(self.training_class)

    @property
    def asks(self) -> bool:
        """Whether anything is asked of the trainees."""
        return self.asks_diet or self.asks_room or self.asks_branch or self.asks_phone

    def is_told(self, part: str) -> bool:
        """Whether the trainees have been told this part."""
        return getattr(self, f"{part}_told_at") is not None


class Answer(models.Model):
    """What one trainee needs (学员需要): asked for one class and purpose, sealed, purged when it is shelved.

    It records participation, never belief: joining the class's own temporary branch, not membership.
    """

    nomination = models.OneToOneField(
        Nomination, models.CASCADE, related_name="answer", verbose_name=_("学员")
    )
    diet_sealed = models.TextField(_("用餐需要"), blank=True)
    room_sealed = models.TextField(_("住宿需要"), blank=True)
    # "yes", "no", or empty where the question was passed over.
    branch_sealed = models.TextField(_("参加临时党支部"), blank=True)
    shows_phone = models.BooleanField(_("通讯录印手机号"), default=False)
    by_office = models.BooleanField(_("教务代填"), default=False)
    answered_at = models.DateTimeField(_("填写时间"), default=timezone.now)

    class Meta:
        """One a trainee and class."""

        ordering = ("nomination_id",)

    def __str__(self) -> str:
        """The trainee."""
        return str(self.nomination.person)


class Group(models.Model):
    """One group of a class (组). Who is in it is the number on the nomination; here are its name and leader."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField(_("组别"), validators=[MinValueValidator(1)])
    title = models.CharField(_("组名"), max_length=20, blank=True)
    place = models.CharField(_("讨论地点"), max_length=80, blank=True)
    leader = models.OneToOneField(
        Nomination,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_group",
        verbose_name=_("组长"),
    )

    class Meta:
        """Numbered once in a class."""

        ordering = ("training_class_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("training_class", "number"), name="one_group_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="group_counts_from_one"),
        )

    def __str__(self) -> str:
        """Its name, or 第3组."""
        return self.title or f"第{self.number}组"


class GroupLock(models.Model):
    """A trainee stays in the group a person chose, whatever is proposed (锁定组别)."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="group_lock")

    class Meta:
        """One a trainee."""

        ordering = ("nomination_id",)

    def __str__(self) -> str:
        """The trainee."""
        return str(self.nomination.person)


class Post(models.Model):
    """A post somebody holds in the class (班级职务): class committee, or the temporary branch's committee."""

    class Kind(models.TextChoices):
        """What the post is; those of the branch exist only for this class."""

        MONITOR = "monitor", _("班长")
        VICE_MONITOR = "vice_monitor", _("副班长")
        STUDY = "study", _("学习委员")
        LIFE = "life", _("生活委员")
        SECRETARY = "secretary", _("临时党支部书记")
        ORGANISER = "organiser", _("组织委员")
        PUBLICIST = "publicist", _("宣传委员")

    BRANCH = (Kind.SECRETARY, Kind.ORGANISER, Kind.PUBLICIST)

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="posts")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="posts", verbose_name=_("学员"))
    kind = models.CharField(_("职务"), max_length=12, choices=Kind)

    class Meta:
        """One holder a post; a class may have two vice monitors or more."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("nomination", "kind"), name="one_post_of_a_kind_a_trainee"),
            models.UniqueConstraint(
                fields=("training_class", "kind"),
                condition=~Q(kind="vice_monitor"),
                name="one_holder_a_post",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "monitor",
                        "vice_monitor",
                        "study",
                        "life",
                        "secretary",
                        "organiser",
                        "publicist",
                    ]
                ),
                name="class_post_known",
            ),
        )

    def __str__(self) -> str:
        """The post and who holds it."""
        return f"{self.get_kind_display()} {self.nomination.person}"
