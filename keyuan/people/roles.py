"""The roles a seat can carry, and what they are called."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does in a seat (角色)."""

    REGISTRAR = "registrar", _("教务员")
    DEPARTMENT_HEAD = "department_head", _("部门负责人")
    LEADER = "leader", _("校领导")
    LIAISON = "liaison", _("联络员")
    HEAD_TEACHER = "head_teacher", _("班主任")
    TEACHER = "teacher", _("师资")
    TRAINEE = "trainee", _("学员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")


# Roles that see a whole school's business; the three administrators are not among them (三员分立).
OFFICE = (Role.REGISTRAR.value, Role.DEPARTMENT_HEAD.value, Role.LEADER.value)
EVERYBODY = tuple(role.value for role in Role)
# GB/T 22239 三员分立: system, security and audit administration are held by three persons.
THREE_ADMINISTRATORS = (Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value, Role.AUDITOR.value)
