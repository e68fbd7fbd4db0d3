"""The register of issued papers and the number series they draw from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def registrars() -> list[str]:
    """Who may draw from a fresh series."""
    return ["registrar"]


class DocSeries(models.Model):
    """A number series (编号系列), as 粤科协培〔{year}〕第{seq:05}号; several run at once in a school.

    `drawers` are the roles that may draw from it (取号身份). A series that rests gives no more numbers.
    """

    class Purpose(models.TextChoices):
        """What its numbers are for: a certificate's are drawn with the paper, a document's are registered."""

        DOCUMENT = "document", _("公文")
        CERTIFICATE = "certificate", _("证书")

    school_id = models.BigIntegerField(_("分校"))
    key = models.SlugField(_("代号"), max_length=40)
    mark = models.CharField(_("代字"), max_length=40)
    pattern = models.CharField(_("编号式样"), max_length=80, default="{mark}〔{year}〕第{seq:05}号")
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose, default=Purpose.CERTIFICATE)
    drawers = models.JSONField(_("取号身份"), default=registrars)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """One series a key, one mark a series: two series of one mark would give one number twice."""

        constraints = (
            models.UniqueConstraint(fields=("school_id", "key"), name="one_series_a_key"),
            models.UniqueConstraint(fields=("school_id", "mark", "pattern"), name="one_series_a_mark"),
        )

    def __str__(self) -> str:
        """Its mark."""
        return self.mark


class SeriesYear(models.Model):
    """How far a series has got in a year (编号进度); its row is the lock under which a number is drawn.

    Numbers before `first`, where it is set, were given before the series was kept here: they are no gaps.
    """

    series = models.ForeignKey(DocSeries, models.PROTECT, related_name="years", verbose_name=_("系列"))
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("末号"), default=0)
    first = models.PositiveIntegerField(_("首号"), null=True, blank=True)

    class Meta:
        """One counter a year."""

        constraints = (models.UniqueConstraint(fields=("series", "year"), name="one_counter_a_year"),)

    def __str__(self) -> str:
        """Year and last number."""
        return f"{self.year}: {self.last}"


class IssuedPaper(models.Model):
    """A paper that left the house (已签发文书): numbered, hashed, verifiable; voided but never deleted.

    The owner and the people are plain numbers: the kernel stands below the rooms they live in. Triggers
    refuse any change but revocation, and any second revocation.
    """

    school_id = models.BigIntegerField(_("分校"))
    kind = models.SlugField(_("文书类别"), max_length=60)
    series = models.ForeignKey(DocSeries, models.PROTECT, related_name="papers", verbose_name=_("编号系列"))
    year = models.PositiveSmallIntegerField(_("年份"))
    seq = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("编号"), max_length=80)
    person_id = models.BigIntegerField(_("持有人"), null=True, blank=True)
    owner_label = models.CharField(_("所属对象类别"), max_length=60)
    owner_id = models.BigIntegerField(_("所属对象"))
    title = models.CharField(_("名称"), max_length=200)
    holder_name = models.CharField(_("持有人姓名"), max_length=80, blank=True)
    facts = models.JSONField(_("所载内容"), default=dict)
    file = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    verify_code = models.CharField(_("验证码"), max_length=24, unique=True)
    issued_at = models.DateTimeField(_("签发时间"))
    issued_by = models.BigIntegerField(_("签发人"), null=True, blank=True)
    seat_id = models.BigIntegerField(_("签发身份"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    revoked_by = models.BigIntegerField(_("作废人"), null=True, blank=True)
    revoke_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("替换")
    )

    class Meta:
        """Numbers are never used twice; an owner and person have one valid paper of a kind."""

        ordering = ("-year", "-seq", "-id")
        constraints = (
            models.UniqueConstraint(fields=("series", "year", "seq"), name="one_paper_a_seq"),
            models.UniqueConstraint(fields=("school_id", "number"), name="one_paper_a_number"),
            models.UniqueConstraint(
                fields=("kind", "owner_label", "owner_id", "person_id"),
                condition=Q(revoked_at=None) & ~Q(person_id=None),
                name="one_valid_paper_a_person",
            ),
            models.UniqueConstraint(
                fields=("kind", "owner_label", "owner_id"),
                condition=Q(revoked_at=None, person_id=None),
                name="one_valid_paper_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoke_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="a_revocation_has_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("owner_label", "owner_id", "kind"), name="paper_by_owner"),
            models.Index(fields=("person_id", "-issued_at"), name="paper_by_person"),
            models.Index(fields=("school_id", "kind", "-issued_at"), name="paper_by_school"),
        )

    def __str__(self) -> str:
        """Its number."""
        return self.number


class DocNumber(models.Model):
    """One number of a document series that was taken (发文登记): reserved, used or void, never given back.

    What bears it is a plain pair of label and number, as the kernel stands below the rooms; triggers refuse
    a change of the number itself, of anything once void, and any deletion.
    """

    class State(models.TextChoices):
        """What became of the number."""

        RESERVED = "reserved", _("预留")
        USED = "used", _("已用")
        VOID = "void", _("作废")

    class Origin(models.TextChoices):
        """How it was taken."""

        DRAWN = "drawn", _("系统取号")
        TYPED = "typed", _("手工录入")

    school_id = models.BigIntegerField(_("分校"))
    series = models.ForeignKey(DocSeries, models.PROTECT, related_name="numbers", verbose_name=_("编号系列"))
    year = models.PositiveSmallIntegerField(_("年份"))
    seq = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("发文字号"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=State)
    origin = models.CharField(_("取号方式"), max_length=10, choices=Origin)
    title = models.CharField(_("文件标题"), max_length=200)
    form = models.CharField(_("公文格式"), max_length=12, blank=True)
    day = models.DateField(_("成文日期"), null=True, blank=True)
    owner_label = models.CharField(_("所属对象类别"), max_length=60, blank=True)
    owner_id = models.BigIntegerField(_("所属对象"), null=True, blank=True)
    taken_at = models.DateTimeField(_("取号时间"))
    taken_by = models.BigIntegerField(_("取号人"), null=True, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    voided_by = models.BigIntegerField(_("作废人"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        """A number is taken once; a thing bears one number in use."""

        ordering = ("-year", "series_id", "-seq")
        constraints = (
            models.UniqueConstraint(fields=("series", "year", "seq"), name="one_taker_a_seq"),
            models.UniqueConstraint(fields=("school_id", "number"), name="one_taker_a_number"),
            models.UniqueConstraint(
                fields=("owner_label", "owner_id"),
                condition=Q(state="used") & ~Q(owner_id=None),
                name="one_number_an_owner",
            ),
            models.CheckConstraint(
                condition=(Q(state="void", voided_at__isnull=False) & ~Q(void_reason=""))
                | (Q(state__in=("reserved", "used"), voided_at=None, void_reason="")),
                name="a_void_number_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="a_taken_number_has_a_title"),
        )
        indexes = (models.Index(fields=("school_id", "state", "-year"), name="number_by_school"),)

    def __str__(self) -> str:
        """The number."""
        return self.number


class PaperDraft(models.Model):
    """What the office chose and wrote for a document of some thing (公文稿): its form and its words.

    What is left empty the room that owns the thing fills in from its own facts.
    """

    school_id = models.BigIntegerField(_("分校"))
    kind = models.SlugField(_("文书类别"), max_length=40)
    owner_label = models.CharField(_("所属对象类别"), max_length=60)
    owner_id = models.BigIntegerField(_("所属对象"))
    form = models.CharField(_("公文格式"), max_length=12)
    said = models.JSONField(_("内容"), default=dict)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.BigIntegerField(_("修改人"), null=True, blank=True)

    class Meta:
        """One draft of a kind a thing."""

        constraints = (
            models.UniqueConstraint(fields=("kind", "owner_label", "owner_id"), name="one_draft_a_kind"),
        )

    def __str__(self) -> str:
        """Kind and owner."""
        return f"{self.kind} {self.owner_label}:{self.owner_id}"
