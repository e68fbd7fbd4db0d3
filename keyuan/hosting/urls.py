"""Addresses of hosting turns."""

from django.urls import path

from keyuan.hosting.views import acting, board, keeping, turn, working

app_name = "hosting"
urlpatterns = [
    path("hosting/", board.rotas, name="rotas"),
    path("hosting/mine/", board.mine, name="mine"),
    path("hosting/waiting/", board.waiting, name="waiting"),
    path("hosting/new/", keeping.rota_new, name="new"),
    path("hosting/<int:pk>/", board.order, name="board"),
    path("hosting/<int:pk>/export/", board.order_export, name="export"),
    path("hosting/<int:pk>/print/", board.order_print, name="print"),
    path("hosting/<int:pk>/turns/", board.turns, name="turns"),
    path("hosting/<int:pk>/turns/export/", board.turns_export, name="turns-export"),
    path("hosting/<int:pk>/log/", board.log, name="log"),
    path("hosting/<int:pk>/log/export/", board.log_export, name="log-export"),
    path("hosting/<int:pk>/edit/", keeping.rota_edit, name="edit"),
    path("hosting/<int:pk>/rules/", keeping.rules, name="rules"),
    path("hosting/<int:pk>/tasks/", keeping.templates, name="templates"),
    path("hosting/<int:pk>/add/", keeping.add_turns, name="add"),
    path("hosting/<int:pk>/past/", keeping.past, name="past"),
    path("hosting/<int:pk>/join/", keeping.join, name="join"),
    path("hosting/members/<int:pk>/", keeping.member, name="member"),
    path("hosting/members/<int:pk>/leave/", keeping.leave, name="leave"),
    path("hosting/exemptions/<int:pk>/revoke/", keeping.revoke, name="revoke"),
    path("hosting/turns/<int:pk>/", turn.detail, name="turn"),
    path("hosting/turns/<int:pk>/order/", turn.order, name="order"),
    path("hosting/turns/<int:pk>/act/", acting.act, name="act"),
    path("hosting/turns/<int:pk>/co-hosts/", acting.co_host, name="co-host"),
    path("hosting/turns/<int:pk>/swap/", acting.swap, name="swap"),
    path("hosting/swaps/<int:pk>/", acting.swap_act, name="swap-act"),
    path("hosting/co-hosts/<int:pk>/drop/", acting.co_host_drop, name="co-host-drop"),
    path("hosting/turns/<int:pk>/done/", acting.done, name="done"),
    path("hosting/turns/<int:pk>/event/", working.event, name="event"),
    path("hosting/turns/<int:pk>/lecturers/", working.lecturer, name="lecturer"),
    path("hosting/lecturers/<int:pk>/drop/", working.lecturer_drop, name="lecturer-drop"),
    path("hosting/tasks/<int:pk>/", working.task, name="task"),
    path("hosting/turns/<int:pk>/files/", working.file, name="file"),
    path("hosting/turns/<int:pk>/report/", working.report, name="report"),
    path("hosting/turns/<int:pk>/report/judge/", working.judge, name="judge"),
    path("hosting/turns/<int:pk>/report.docx", working.report_docx, name="report-docx"),
    path("hosting/turns/<int:pk>/report.pdf", working.report_pdf, name="report-pdf"),
]
