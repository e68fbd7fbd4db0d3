"""The demo as a whole, and its accounts as the starter prints them."""

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet

from keyuan.desk import starting
from keyuan.desk.demo import (
    away,
    classwork,
    documents,
    door,
    doubles,
    early,
    filed,
    finished,
    followed,
    hosted,
    looked_after,
    money,
    owed,
    planned,
    rotated,
    running,
    season,
    stated,
    studied,
    terms_held,
)
from keyuan.desk.demo.cast import (
    BRANCH,
    PARTS,
    PASSWORD,
    Cast,
    fill_units,
    found_branch,
    give_accounts,
    units_of,
)
from keyuan.kernel import notify
from keyuan.kernel.faults import Fault
from keyuan.kernel.worker import Worker
from keyuan.orgs.models import School
from keyuan.people.models import Account, Person


def _unopened() -> QuerySet[Account]:
    """Accounts that nobody has set a password for."""
    return Account.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def check_allowed() -> None:
    """Refuse to put accounts with a known password beside real people.

    Raises Fault unless nobody real is there yet (an account never opened aside), or the installation says of
    itself that it is a demo (KEYUAN_DEMO=1).
    """
    real = Person.objects.filter(demo=False).exclude(account__in=_unopened())
    if not settings.DEMO and real.exists():
        raise Fault(
            "这里已有真实人员，不能载入演示数据。演示请另用一个数据文件夹（KEYUAN_VAR），或设 KEYUAN_DEMO=1。"
        )


def make() -> Cast:
    """Make what is not there yet, each class whole or not at all; then do the background work it asked for."""
    check_allowed()
    school = starting.start().school
    cast = Cast(school, {}, units_of(school))
    cast.parts = give_accounts(school, PARTS, start=0)
    fill_units(cast)
    give_accounts(found_branch(school), BRANCH, start=50)
    finished.make(cast)
    documents.make(cast)
    early.make(cast)
    running.make(cast)
    looked_after.make(cast)
    classwork.make(cast)
    money.make(cast)
    door.make(cast)
    away.make(cast)
    doubles.make(cast)
    stated.make(cast)
    terms_held.make(cast)
    filed.make(cast)
    followed.make(cast)
    owed.make(cast)
    season.make(cast)
    hosted.make(cast)
    planned.make(cast)
    planned.issued(cast)
    rotated.make(cast)
    studied.make(cast)
    worker = Worker()
    while worker.run_one():
        continue
    notify.deliver()
    return cast


def accounts() -> str:
    """The demo accounts by role with their one password; empty when there are none."""
    have = set(Account.objects.filter(person__demo=True).values_list("email", flat=True))
    lines = [f"    {part.email:<26}{part.label}" for part in (*PARTS, *BRANCH) if part.email in have]
    return "\n".join([*lines, f"    密码 Password: {PASSWORD}"]) if lines else ""


def demo_people(school: School) -> int:
    """How many invented people a school holds."""
    return Person.objects.filter(school=school, demo=True).count()
