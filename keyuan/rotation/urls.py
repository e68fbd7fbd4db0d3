"""Addresses of rotation."""

from django.urls import path

from keyuan.rotation.views import acting, board, laid_down, mine

app_name = "rotation"
urlpatterns = [
    path("rotation/", board.due_board, name="board"),
    path("rotation/export/", board.board_export, name="export"),
    path("rotation/print/", board.board_print, name="print"),
    path("rotation/summary/", board.summary, name="summary"),
    path("rotation/summary/export/", board.summary_export, name="summary-export"),
    path("rotation/act/", acting.act, name="act"),
    path("rotation/quota/", acting.quota, name="quota"),
    path("rotation/remind/", acting.remind, name="remind"),
    path("rotation/exempt/", acting.exempt, name="exempt"),
    path("rotation/exemptions/<int:pk>/undo/", acting.exempt_undo, name="exempt-undo"),
    path("rotation/draws/<int:pk>/undo/", acting.draw_undo, name="draw-undo"),
    path("rotation/log/", acting.log, name="log"),
    path("rotation/mine/", mine.mine, name="mine"),
    path("rotation/requirements/", laid_down.requirements, name="requirements"),
    path("rotation/requirements/add/", laid_down.requirement_edit, name="requirement-add"),
    path("rotation/requirements/defaults/", laid_down.load_defaults, name="defaults"),
    path("rotation/requirements/<int:pk>/", laid_down.requirement, name="requirement"),
    path("rotation/requirements/<int:pk>/edit/", laid_down.requirement_edit, name="requirement-edit"),
    path("rotation/requirements/<int:pk>/list/", laid_down.list_add, name="list-add"),
    path("rotation/requirements/<int:pk>/import/", laid_down.list_import, name="list-import"),
    path("rotation/listed/<int:pk>/remove/", laid_down.list_remove, name="list-remove"),
    path("rotation/template/", laid_down.list_template, name="template"),
    path("rotation/regimes/", laid_down.regimes, name="regimes"),
    path("rotation/regimes/add/", laid_down.regime_add, name="regime-add"),
    path("rotation/regimes/<int:pk>/add/", laid_down.version_add, name="version-add"),
    path("rotation/classes/<int:pk>/sort/", laid_down.class_sort, name="class-sort"),
    path("rotation/labels/", laid_down.labels, name="labels"),
    path("rotation/labels/<int:pk>/", laid_down.label, name="label"),
    path("rotation/labels/<int:pk>/add/", laid_down.member_add, name="member-add"),
    path("rotation/labels/<int:pk>/import/", laid_down.label_import, name="label-import"),
    path("rotation/members/<int:pk>/end/", laid_down.member_end, name="member-end"),
]
