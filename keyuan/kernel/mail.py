"""Notices by mail, for those who asked for it: at once or once a day, never in quiet hours, never twice."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import erasure, links, notify
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.notify import Message, NoticePreference

log = logging.getLogger("keyuan.mail")
DIGEST_AT = time(8)
ATTEMPTS = 6
AddressBook = Callable[[list[int]], dict[int, str]]
BOOKS: list[AddressBook] = []


def address_book(function: AddressBook) -> AddressBook:
    """Register who knows people's mail addresses: person numbers → address, those without left out."""
    BOOKS.append(function)
    return function


def is_configured() -> bool:
    """Whether this installation can send mail at all."""
    return "smtp" not in settings.EMAIL_BACKEND or bool(settings.EMAIL_HOST)


def is_quiet(wish: NoticePreference, clock: time) -> bool:
    """Whether the person wants peace at this hour; the span may reach over midnight."""
    if wish.quiet_from is None or wish.quiet_until is None or wish.quiet_from == wish.quiet_until:
        return False
    if wish.quiet_from < wish.quiet_until:
        return wish.quiet_from <= clock < wish.quiet_until
    return clock >= wish.quiet_from or clock < wish.quiet_until


def _next(at: time, now: datetime) -> datetime:
    local = timezone.localtime(now)
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)


def due(wish: NoticePreference, now: datetime, *, urgent: bool = False) -> datetime | None:
    """When mail about something told now goes out; None when the person wants none."""
    if wish.mail == NoticePreference.Mail.NONE:
        return None
    if urgent:
        return now
    moment = _next(DIGEST_AT, now) if wish.mail == NoticePreference.Mail.DIGEST else now
    if wish.quiet_until is not None and is_quiet(wish, timezone.localtime(moment).time()):
        return _next(wish.quiet_until, moment)
    return moment


def owed(person_ids: list[int], kind: notify.Kind, now: datetime) -> dict[int, datetime]:
    """The persons who get mail about this, and when."""
    if not is_configured():
        return {}
    wishes = NoticePreference.objects.filter(person_id__in=person_ids).exclude(mail="none")
    found = {wish.person_id: due(wish, now, urgent=kind.urgent) for wish in wishes}
    return {person: moment for person, moment in found.items() if moment is not None}


notify.CHANNELS.append(owed)


def send_due(most: int = 200) -> int:
    """Send what is owed by now, one mail a person; how many mails went out."""
    if not is_configured():
        return 0
    waiting = Message.objects.filter(mailed_at=None, mail_due__lte=timezone.now(), mail_attempts__lt=ATTEMPTS)
    people = list(waiting.order_by().values_list("person_id", flat=True).distinct()[:most])
    if not people:
        return 0
    addresses: dict[int, str] = {}
    for book in BOOKS:
        addresses |= book(people)
    return sum(_send(person, addresses.get(person, "")) for person in people)


def _send(person_id: int, address: str) -> bool:
    """One person's mail. It is marked sent first: a worker killed in between loses a mail, never doubles it."""
    now = timezone.now()
    with transaction.atomic():
        rows = Message.objects.select_for_update().filter(
            person_id=person_id, mailed_at=None, mail_due__lte=now, mail_attempts__lt=ATTEMPTS
        )
        found = list(rows.order_by("id"))
        marked = Message.objects.filter(pk__in=[message.pk for message in found])
        marked.update(mailed_at=now, mail_attempts=F("mail_attempts") + 1)
    if not found or not address:
        return False
    try:
        _letter(found, address).send()
    except (smtplib.SMTPException, OSError) as failed:
        log.warning("mail to person %s failed: %s", person_id, type(failed).__name__)
        wait = timedelta(minutes=5 * 2 ** found[0].mail_attempts)
        Message.objects.filter(pk__in=[message.pk for message in found]).update(
            mailed_at=None, mail_due=now + wait
        )
        return False
    return True


def _letter(found: list[Message], address: str) -> EmailMessage:
    subject = found[0].title if len(found) == 1 else _("%(count)s 条新消息") % {"count": len(found)}
    parts = [
        "\n".join(filter(None, (message.title, message.text, message.link and links.absolute(message.link))))
        for message in found
    ]
    foot = _("这封邮件由系统发出。接收方式可在“消息”页面调整：") + links.absolute("/inbox/preferences/")
    return EmailMessage(f"{_('科苑')}：{subject}", "\n\n".join([*parts, foot]), to=[address])


def preference(actor: Actor) -> NoticePreference:
    """How the person wants to be told; the default where they never said."""
    person_id = actor.person_id or 0
    found = NoticePreference.objects.filter(person_id=person_id).first()
    return found or NoticePreference(person_id=person_id)


@transaction.atomic
def prefer(actor: Actor, *, mail: str, quiet_from: time | None, quiet_until: time | None) -> NoticePreference:
    """Keep one's own wish. Raises Fault when quiet hours lack an end; no audit line, it concerns nobody else."""
    if actor.person_id is None:
        raise Fault("请先登录。")
    if (quiet_from is None) != (quiet_until is None):
        raise Fault("免打扰的开始和结束要么都填，要么都不填。", "quiet_until")
    kept, _fresh = NoticePreference.objects.update_or_create(
        person_id=actor.person_id,
        defaults={"mail": mail, "quiet_from": quiet_from, "quiet_until": quiet_until},
    )
    return kept


@erasure.eraser
def forget(person_id: int) -> None:
    """Drop the person's wishes."""
    NoticePreference.objects.filter(person_id=person_id).delete()
