"""Where each trainee sleeps, rides and sits; that nothing is filled twice is held by triggers of the database."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keyuan.training.models import Nomination, TrainingClass


class Room(models.Model):
    """A room to sleep in, kept for one class (客房)."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="rooms")
    number = models.CharField(_("房号"), max_length=20)
    house = models.CharField(_("楼栋"), max_length=40, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("床位"), default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    # Empty: whoever is put in first decides.
    sex = models.CharField(_("限住"), max_length=1, blank=True, choices=[("男", _("男")), ("女", _("女"))])
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        """In the order they were put down; a number once in a house."""

        ordering = ("training_class_id", "order", "id")
        constraints = (
            models.UniqueConstraint(fields=("training_class", "house", "number"), name="one_room_a_number"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=20), name="room_has_beds"),
        )

    def __str__(self) -> str:
        """House and number."""
        return f"{self.house} {self.number}".strip()


class Stay(models.Model):
    """One trainee's bed (床位安排); one a trainee, never more than the room has beds, never mixed."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="stay", verbose_name=_("学员"))
    room = models.ForeignKey(Room, models.CASCADE, related_name="stays", verbose_name=_("房间"))
    # As registered when the bed was given: the trigger that keeps the sexes apart reads this room's tables only.
    sex = models.CharField(_("性别"), max_length=1, blank=True, editable=False)
    locked = models.BooleanField(_("锁定"), default=False)

    class Meta:
        """Capacity and sex are held by triggers."""

        ordering = ("room_id", "id")

    def __str__(self) -> str:
        """Who and where."""
        return f"{self.nomination.person} {self.room}"


class Wish(models.Model):
    """One trainee would share a room with another (同住意愿); counts when both wish it, or the office says so."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="wish")
    other = models.ForeignKey(Nomination, models.CASCADE, related_name="wished_by")
    by_office = models.BooleanField(_("教务登记"), default=False)

    class Meta:
        """With somebody else."""

        ordering = ("nomination_id",)
        constraints = (
            models.CheckConstraint(condition=~Q(nomination=F("other")), name="wish_is_for_another"),
        )

    def __str__(self) -> str:
        """Who with whom."""
        return f"{self.nomination.person} + {self.other.person}"


class Leg(models.Model):
    """One journey of the class (用车行程): there, back, or to a field base."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="legs")
    title = models.CharField(_("行程"), max_length=60)
    date = models.DateField(_("日期"))
    departs = models.TimeField(_("发车时间"))
    start = models.CharField(_("上车地点"), max_length=60)
    goal = models.CharField(_("目的地"), max_length=60, blank=True)

    class Meta:
        """In order of time."""

        ordering = ("training_class_id", "date", "departs", "id")

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Vehicle(models.Model):
    """One vehicle on one journey (车辆)."""

    leg = models.ForeignKey(Leg, models.CASCADE, related_name="vehicles", verbose_name=_("行程"))
    title = models.CharField(_("车号"), max_length=20)
    plate = models.CharField(_("车牌"), max_length=12, blank=True)
    driver = models.CharField(_("司机及电话"), max_length=40, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("座位数"), default=45, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        """As put down; a title once a journey."""

        ordering = ("leg_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("leg", "title"), name="one_vehicle_a_title"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=100), name="vehicle_has_seats"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Ride(models.Model):
    """One trainee's vehicle on one journey (乘车安排)."""

    leg = models.ForeignKey(Leg, models.CASCADE, related_name="rides")
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="rides", verbose_name=_("车辆"))
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="rides", verbose_name=_("学员"))
    locked = models.BooleanField(_("锁定"), default=False)

    class Meta:
        """One vehicle a journey; capacity is held by a trigger."""

        ordering = ("vehicle_id", "id")
        constraints = (models.UniqueConstraint(fields=("leg", "nomination"), name="one_vehicle_a_journey"),)

    def __str__(self) -> str:
        """Who and in which."""
        return f"{self.nomination.person} {self.vehicle}"


class Hall(models.Model):
    """One seating of the class in one hall (座次方案): rows across, columns from the left as seen from the stage."""

    class Way(models.TextChoices):
        """In what order the seats are filled, from the front."""

        GROUP = "group", _("按组")
        UNIT = "unit", _("按单位次序")
        NAME = "name", _("按姓名拼音")

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="halls")
    title = models.CharField(_("场次或会场"), max_length=60)
    rows = models.PositiveSmallIntegerField(
        _("排数"), validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    columns = models.PositiveSmallIntegerField(
        _("每排座位"), validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    # Column numbers after which an aisle runs.
    aisles: Any = models.JSONField(_("过道在第几座之后"), default=list, blank=True)
    kept_rows = models.PositiveSmallIntegerField(_("前面留空排数"), default=0)

    class Meta:
        """Bounds and double seats are held by constraint and trigger."""

        ordering = ("training_class_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("training_class", "title"), name="one_hall_a_title"),
            models.CheckConstraint(
                condition=Q(rows__gte=1, rows__lte=40, columns__gte=1, columns__lte=40), name="hall_has_seats"
            ),
            models.CheckConstraint(condition=Q(kept_rows__lt=F("rows")), name="hall_keeps_fewer_rows"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Seat(models.Model):
    """One trainee's seat in one hall (座位)."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="seats", verbose_name=_("会场"))
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="seats", verbose_name=_("学员"))
    row = models.PositiveSmallIntegerField(_("排"))
    column = models.PositiveSmallIntegerField(_("座"))
    locked = models.BooleanField(_("锁定"), default=False)

    class Meta:
        """Nobody sits in two seats, no two in one."""

        ordering = ("hall_id", "row", "column")
        constraints = (
            models.UniqueConstraint(fields=("hall", "row", "column"), name="one_person_a_seat"),
            models.UniqueConstraint(fields=("hall", "nomination"), name="one_seat_a_person"),
            models.CheckConstraint(condition=Q(row__gte=1, column__gte=1), name="seat_counts_from_one"),
        )

    def __str__(self) -> str:
        """Row and seat."""
        return f"{self.row}排{self.column}座"
