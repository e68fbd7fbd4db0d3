"""Classes whose timetable was released before there were versions get one, from what their sittings and sessions say."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations

FACTS = ("kind", "title", "date", "half", "starts", "ends", "teacher_id", "place", "hours")


def _released(session, sitting):
    """The facts of a session as released: one changed since stands in its sitting as it stood, but for the teacher."""
    told = {name: getattr(session, name) for name in FACTS}
    if session.released or sitting is None:
        return told
    zone = ZoneInfo(settings.TIME_ZONE)
    starts, ends = sitting.starts.astimezone(zone), sitting.ends.astimezone(zone)
    hours = sitting.hours.quantize(Decimal("0.1"))
    return told | {
        "title": sitting.title, "date": starts.date(), "half": sitting.half, "place": sitting.place,
        "starts": starts.time(), "ends": ends.time(), "hours": hours,
    }


def _line(number, told):
    return {
        "session": number, "kind": told["kind"], "title": told["title"], "half": told["half"], "place": told["place"],
        "date": told["date"].isoformat(), "starts": told["starts"].isoformat(), "ends": told["ends"].isoformat(),
        "teacher": told["teacher_id"], "hours": f"{told['hours'].normalize():f}",
    }


def _first(apps, klass):
    Session, Sitting = apps.get_model("training", "Session"), apps.get_model("attendance", "Sitting")
    Released, Version = (apps.get_model("training", name) for name in ("ReleasedSession", "TimetableVersion"))
    known = Sitting.objects.in_bulk(
        [pk for pk in Session.objects.filter(training_class=klass).values_list("sitting_id", flat=True) if pk]
    )
    lines, rows, same = [], [], []
    for session in Session.objects.filter(training_class=klass).order_by("date", "starts", "id"):
        sitting = known.get(session.sitting_id)
        if not session.released and sitting is None:
            continue  # placed after the release, or never signed for
        told = _released(session, sitting)
        if all(getattr(session, name) == value for name, value in told.items()):
            same.append(session.pk)
        lines.append(_line(session.pk, told))
        # Calendars know the number of the version as the sequence: it must not fall.
        rows.append(
            Released(
                number=session.pk, session=session, training_class=klass, school_id=session.school_id,
                sitting_id=session.sitting_id, sequence=klass.timetable_version,
                changed_at=klass.timetable_released_at, **told,
            )
        )
    Released.objects.bulk_create(rows)
    Session.objects.filter(pk__in=same, released=False).update(released=True)
    return Version.objects.create(
        training_class=klass, number=klass.timetable_version, released_at=klass.timetable_released_at, facts=lines
    )


def first_versions(apps, _editor):
    """One version a class, under the number the class bears; that of a closed class was its final one."""
    TrainingClass = apps.get_model("training", "TrainingClass")
    Final = apps.get_model("training", "TimetableFinal")
    rows = TrainingClass.objects.filter(timetable_version__gt=0, timetable_released_at__isnull=False)
    for klass in rows.filter(timetable_versions=None).order_by("pk").iterator():
        version = _first(apps, klass)
        if klass.state == "closed":
            Final.objects.create(
                training_class=klass, turn=1, version=version, declared_at=klass.closed_at or klass.timetable_released_at
            )


class Migration(migrations.Migration):
    dependencies = [("training", "0006_timetable_versions"), ("attendance", "0004_append_only")]
    operations = [migrations.RunPython(first_versions, migrations.RunPython.noop)]
