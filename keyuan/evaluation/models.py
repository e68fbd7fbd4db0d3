"""Evaluation forms, who may answer them, the sealed urn while they are open, and the counts after."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def random_key() -> int:
    """A primary key that tells nothing of the order in which rows were made."""
    return secrets.randbelow(2**62) + 1


class Form(models.Model):
    """One anonymous questionnaire on one owner (评估表): a session, a class, or whatever a room above evaluates."""

    class State(models.TextChoices):
        """Its life; answers can only be given while it is open."""

        DRAFT = "draft", _("未开放")
        OPEN = "open", _("填写中")
        CLOSED = "closed", _("已截止，待核对")
        PUBLISHED = "published", _("已公布")

    school = models.ForeignKey("orgs.School", models.PROTECT, related_name="+", verbose_name=_("分校"))
    owner_label = models.CharField(_("所属类型"), max_length=40)
    owner_id = models.BigIntegerField(_("所属编号"))
    title = models.CharField(_("评估对象"), max_length=120)
    questions = models.JSONField(_("题目"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(_("开放"), null=True, blank=True)
    closes_at = models.DateTimeField(_("截止"), null=True, blank=True)
    # Filled at close, when the lists behind them are destroyed.
    eligible = models.PositiveIntegerField(_("可填写人数"), default=0)
    answered = models.PositiveIntegerField(_("收到份数"), default=0)

    class Meta:
        """One form an owner."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("owner_label", "owner_id"), name="one_evaluation_an_owner"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "open", "closed", "published")), name="evaluation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(answered__lte=F("eligible")), name="evaluation_answers_within_eligible"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="evaluation_open_has_times",
            ),
        )
        indexes = (models.Index(fields=("state", "closes_at"), name="evaluation_due"),)

    def __str__(self) -> str:
        """What is evaluated."""
        return self.title


class Eligible(models.Model):
    """A person who may answer an open form once (可填写人); the row is destroyed at close.

    It knows that a voting token was fetched (and the digest of the blinded value, so that a lost answer
    may be asked for again), never what became of the token.
    """

    id = models.BigIntegerField(primary_key=True, default=random_key)
    form = models.ForeignKey(Form, models.CASCADE, related_name="eligible_people", verbose_name=_("评估表"))
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", verbose_name=_("学员"))
    issued = models.BooleanField(_("已领取"), default=False)
    blinded = models.CharField(max_length=64, blank=True)
    # The merge of persons it came over by, to go back when that is undone; it ends with the row.
    merge = models.BigIntegerField(null=True, editable=False)

    class Meta:
        """Once a person."""

        constraints = (models.UniqueConstraint(fields=("form", "person"), name="eligible_once"),)

    def __str__(self) -> str:
        """The form only: who answered is nobody's concern."""
        return f"{self.form_id}"


class SigningKey(models.Model):
    """The key that signs a form's voting tokens blindly (签名密钥), sealed; destroyed at close."""

    form = models.OneToOneField(Form, models.CASCADE, primary_key=True, related_name="signing_key")
    modulus = models.TextField()
    exponent_sealed = models.TextField()

    def __str__(self) -> str:
        """Its form."""
        return f"{self.form_id}"


class Urn(models.Model):
    """Everything answered to an open form, as one sealed lump (票箱); opened once at close, then destroyed.

    The key lies outside the database and outside every backup, so old pages, logs of the database and
    successive backups show only that the lump changed.
    """

    form = models.OneToOneField(Form, models.CASCADE, primary_key=True, related_name="urn")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        """Its form."""
        return f"{self.form_id}"


class Spent(models.Model):
    """The digest of a voting token already used (已用凭据): it makes a second vote impossible; destroyed at close."""

    digest = models.CharField(primary_key=True, max_length=64)
    form = models.ForeignKey(Form, models.CASCADE, related_name="spent")

    def __str__(self) -> str:
        """Its form."""
        return f"{self.form_id}"


class Tally(models.Model):
    """How often one grade was given to one question (计数); written once, at close."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="tallies")
    question = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        """One counter a grade."""

        constraints = (
            models.UniqueConstraint(fields=("form", "question", "grade"), name="one_tally_a_grade"),
        )

    def __str__(self) -> str:
        """The count."""
        return f"{self.question}={self.grade}: {self.count}"


class Remark(models.Model):
    """One free text (意见), written at close in shuffled order under a random key; shown after the name check."""

    class State(models.TextChoices):
        """What the check for names made of it."""

        WAITING = "waiting", _("待核对")
        KEPT = "kept", _("可公布")
        HIDDEN = "hidden", _("不公布")

    id = models.BigIntegerField(primary_key=True, default=random_key)
    form = models.ForeignKey(Form, models.CASCADE, related_name="remarks")
    question = models.CharField(max_length=20)
    body = models.CharField(_("意见"), max_length=500)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)

    class Meta:
        """By the random key."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "kept", "hidden")), name="remark_state_known"
            ),
        )

    def __str__(self) -> str:
        """Nothing of the text."""
        return f"{self.form_id}"
