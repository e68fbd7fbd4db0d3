"""Persons, their accounts and the seats they act in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School
from keyuan.people.roles import THREE_ADMINISTRATORS, Role


class Person(models.Model):
    """Somebody the academy knows (人员): identity and contact only, never belief."""

    class IdKind(models.TextChoices):
        """Kind of identity paper."""

        RESIDENT = "resident", _("居民身份证")
        HK_MACAO = "hk_macao", _("港澳居民证件")
        TAIWAN = "taiwan", _("台湾居民证件")
        PASSPORT = "passport", _("护照")

    class Cohort(models.TextChoices):
        """The three bodies of people the academy serves (三支队伍)."""

        CADRE = "cadre", _("科协系统干部")
        LEADING_TALENT = "leading_talent", _("科技领军人才")
        OVERSEAS_TALENT = "overseas_talent", _("海外科技人才")

    # What the sealed values are bound to, so that a value moved to another row does not open.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="people", verbose_name=_("分校"))
    name = models.CharField(_("姓名"), max_length=60)
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True)
    sex = models.CharField(_("性别"), max_length=1, blank=True, choices=[("男", _("男")), ("女", _("女"))])
    birth_month = models.CharField(_("出生年月"), max_length=7, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("单位")
    )
    organisation_text = models.CharField(_("单位（填报）"), max_length=80, blank=True)
    post_title = models.CharField(_("职务"), max_length=80, blank=True)
    cohort = models.CharField(_("队伍"), max_length=16, choices=Cohort, default=Cohort.CADRE)
    id_kind = models.CharField(_("证件类型"), max_length=10, choices=IdKind, default=IdKind.RESIDENT)
    # Sealed by kernel.cipher; found again only through the keyed index.
    id_sealed = models.TextField(_("证件号码"), blank=True)
    id_index = models.CharField(max_length=64, blank=True)
    phone_sealed = models.TextField(_("手机"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    demo = models.BooleanField(_("演示"), default=False)
    erased_at = models.DateTimeField(_("注销时间"), null=True, blank=True)
    # A record found to be the same person as another; what could not be moved stays under it.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("已并入")
    )

    class Meta:
        """One person an identity number in a school."""

        ordering = ("pinyin", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "id_index"), condition=~Q(id_index=""), name="one_person_an_id_number"
            ),
        )
        indexes = (
            models.Index(fields=("school", "phone_index"), name="person_by_phone"),
            models.Index(fields=("school", "pinyin", "id"), name="person_in_order"),
            # Both lead: with one condition each, SQLite would take the school's index and read all of it.
            models.Index(fields=("school", "organisation", "pinyin"), name="person_by_unit"),
        )

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def unit(self) -> str:
        """The organisation as people say it."""
        return str(self.organisation) if self.organisation else self.organisation_text


class Accounts(BaseUserManager["Account"]):
    """Makes accounts; allauth asks for nothing else."""

    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> Account:
        """An account with a password hash, or without one when it signs in by link only."""
        account = self.model(email=self.normalize_email(email) if email else None, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What a person signs in with (账号); one a person at most."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="account", verbose_name=_("人员"))
    email = models.EmailField(_("邮箱"), unique=True, null=True, blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    is_active = models.BooleanField(_("可用"), default=True)
    date_joined = models.DateTimeField(_("开通时间"), default=timezone.now)

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """An account must have something to sign in by."""

        constraints = (
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone_index__isnull=False),
                name="account_has_an_identifier",
            ),
        )

    def __str__(self) -> str:
        """The person's name."""
        return self.person.name


class Seat(models.Model):
    """A role somebody holds for a school or an organisation, from a day to a day (身份)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="seats", verbose_name=_("人员"))
    school = models.ForeignKey(School, models.PROTECT, related_name="seats", verbose_name=_("分校"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("代表单位")
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    starts = models.DateField(_("自"), default=date(2020, 1, 1))
    ends = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        """A liaison and a head act for a unit; the three administrators are three persons."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "school", "role", "organisation"),
                condition=Q(ends__isnull=True, organisation__isnull=False),
                name="one_open_seat_a_role_and_unit",
            ),
            models.UniqueConstraint(
                fields=("person", "school", "role"),
                condition=Q(ends__isnull=True, organisation__isnull=True),
                name="one_open_seat_a_role",
            ),
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(ends__isnull=True, role__in=THREE_ADMINISTRATORS),
                name="three_administrators_are_three_persons",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=(Role.LIAISON.value, Role.DEPARTMENT_HEAD.value))
                | Q(organisation__isnull=False),
                name="liaison_and_head_act_for_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=models.F("starts")), name="seat_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        """Role and unit, as the switcher shows it."""
        return f"{self.get_role_display()} · {self.organisation or self.school}"

    def holds_on(self, day: date) -> bool:
        """Whether the seat is held on that day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Consent(models.Model):
    """A person's consent to one version of a notice (知情同意), given and withdrawn."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    notice = models.CharField(_("告知事项"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    given_at = models.DateTimeField(_("同意时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        """One row a version."""

        constraints = (
            models.UniqueConstraint(fields=("person", "notice", "version"), name="one_consent_a_version"),
        )

    def __str__(self) -> str:
        """The notice and its version."""
        return f"{self.notice} {self.version}"


class Availability(models.Model):
    """When a person says they cannot or would rather teach (可授课时间); never why."""

    NOTE = 60
    EVERY_DAY = 127

    class Kind(models.TextChoices):
        """What is said of the time."""

        CANNOT = "cannot", _("不便")
        PREFERS = "prefers", _("方便")

    class Half(models.TextChoices):
        """A half-day; none of them is the whole day."""

        MORNING = "am", _("上午")
        AFTERNOON = "pm", _("下午")
        EVENING = "ev", _("晚上")

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="availabilities", verbose_name=_("人员"))
    kind = models.CharField(_("类别"), max_length=8, choices=Kind, default=Kind.CANNOT)
    starts = models.DateField(_("自"))
    ends = models.DateField(_("至"))
    # One bit a weekday, Monday first.
    weekdays = models.PositiveSmallIntegerField(_("星期"), default=EVERY_DAY)
    half = models.CharField(_("时段"), max_length=2, choices=Half, blank=True)
    note = models.CharField(_("备注"), max_length=NOTE, blank=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    entered_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        """A span that ends where it begins or later, on a weekday at least, said once."""

        ordering = ("starts", "ends", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(starts__lte=models.F("ends")), name="availability_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("cannot", "prefers")), name="availability_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(half__in=("", "am", "pm", "ev")), name="availability_of_a_half"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=127), name="availability_has_weekdays"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("note"), 60), name="availability_note_is_short"
            ),
            models.UniqueConstraint(
                fields=("person", "kind", "starts", "ends", "weekdays", "half"), name="availability_said_once"
            ),
        )
        indexes = (
            models.Index(fields=("school", "ends"), name="availability_by_end"),
            models.Index(fields=("person", "ends"), name="availability_of_person"),
        )

    def __str__(self) -> str:
        """Kind and span."""
        return f"{self.get_kind_display()} {self.starts:%Y-%m-%d}—{self.ends:%Y-%m-%d}"


class Merge(models.Model):
    """Two records found to be one person (人员合并): proposed by one, approved by another, undone if wrong."""

    class State(models.TextChoices):
        """Where the merge stands."""

        PROPOSED = "proposed", _("待复核")
        MERGED = "merged", _("已合并")
        REFUSED = "refused", _("未同意")
        UNDONE = "undone", _("已撤销")

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    kept = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("保留的人员"))
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("并入的人员"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PROPOSED)
    reason = models.CharField(_("理由"), max_length=200)
    note = models.CharField(_("复核意见"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True)
    # What was re-pointed and what could not be: [{"model": label, "field": name, "rows": [pk, …]}, …].
    moved = models.JSONField(_("已转移"), default=list)
    stayed = models.JSONField(_("未转移"), default=list)
    # What either record held before in the fields that changed, sealed; blank once a person is erased.
    sealed = models.TextField(blank=True)

    class Meta:
        """One open merge a record; never proposer and approver in one; never a record into itself."""

        ordering = ("-proposed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("gone",), condition=Q(state__in=("proposed", "merged")), name="one_merge_a_person"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("gone")), name="merge_of_two"),
            models.CheckConstraint(
                condition=~Q(state__in=("merged", "refused"))
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="merge_decided_by_another",
            ),
        )

    def __str__(self) -> str:
        """Who into whom."""
        return f"{self.gone} → {self.kept}"
