"""What forms of documents and the roles that draw numbers are called on screens."""

from django.utils.translation import gettext_lazy as _

from keyuan.kernel.papers.facts import Form

FORMS = (
    (Form.RED_HEAD.value, _("文件格式（红头）")),
    (Form.LETTER.value, _("信函格式")),
    (Form.MINUTES.value, _("纪要格式")),
)
DRAWERS = (
    ("registrar", _("教务员")),
    ("department_head", _("部门负责人")),
    ("leader", _("校领导")),
    ("head_teacher", _("班主任")),
)
