"""Who may have a package looked through; pure."""

from typing import Any

from keyuan.kernel.access import Actor, rule
from keyuan.people.roles import Role

ROLES = (Role.REGISTRAR, Role.HEAD_TEACHER, Role.TEACHER)


@rule("packages.check", title="检查课件包", roles=ROLES, limits="本人上传的文件；不保存")
def may_check(actor: Actor, thing: Any) -> bool:
    """Who makes or orders lessons; the file is read and nothing of it kept."""
    return thing is None
