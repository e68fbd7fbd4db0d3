"""What waits for those who keep the accounts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor
from keyuan.kernel.todos import ToDo
from keyuan.people.queries import holders_of
from keyuan.people.roles import Role


@todos.source
def first_seats(actor: Actor) -> Iterable[ToDo]:
    """Nobody runs classes here, as on a fresh installation: only the security administrator can change that."""
    if Role.SECURITY_ADMIN.value not in actor.roles or actor.school_id is None:
        return
    if not holders_of(Role.REGISTRAR, actor.school_id):
        yield ToDo(
            _("本校没有教务员：请登记一位人员，在其页面授予“教务员”身份，再发账号开通链接"),
            "/people/add/",
            group=_("账号与身份"),
        )
