"""Addresses of frames and filings."""

from django.urls import path

from keyuan.filings.views import board, frames, importing, remind, unit

app_name = "filings"
urlpatterns = [
    path("filings/", frames.frame_list, name="list"),
    path("filings/add/", frames.frame_add, name="add"),
    path("filings/schools/", frames.schools, name="schools"),
    path("filings/<int:pk>/", board.board_page, name="board"),
    path("filings/<int:pk>/edit/", frames.frame_edit, name="edit"),
    path("filings/<int:pk>/move/", frames.frame_move, name="move"),
    path("filings/<int:pk>/units/", frames.units_add, name="units-add"),
    path("filings/<int:pk>/export/", board.board_export, name="export"),
    path("filings/<int:pk>/many/", board.move_many, name="many"),
    path("filings/<int:pk>/groups/", board.groups, name="groups"),
    path("filings/<int:pk>/totals/", board.totals_page, name="totals"),
    path("filings/<int:pk>/totals/export/", board.totals_export, name="totals-export"),
    path("filings/<int:pk>/lines/", board.lines_page, name="lines"),
    path("filings/<int:pk>/lines/export/", board.lines_export, name="lines-export"),
    path("filings/<int:pk>/demonstrations/", frames.demonstrations, name="demonstrations"),
    path("filings/<int:pk>/remind/", remind.remind, name="remind"),
    path("filings/<int:pk>/reminders/", remind.reminders, name="reminders"),
    path("filings/<int:pk>/reminders/export/", remind.reminders_export, name="reminders-export"),
    path("filings/demonstrations/<int:pk>/withdraw/", frames.demonstration_withdraw, name="demonstration-withdraw"),
    path("filings/units/<int:pk>/", unit.unit_page, name="unit"),
    path("filings/units/<int:pk>/move/", unit.move, name="unit-move"),
    path("filings/units/<int:pk>/versions/", unit.versions, name="versions"),
    path("filings/units/<int:pk>/export/", importing.unit_export, name="unit-export"),
    path("filings/units/<int:pk>/lines/add/", unit.line_add, name="line-add"),
    path("filings/units/<int:pk>/outcomes/add/", unit.outcome_add, name="outcome-add"),
    path("filings/units/<int:pk>/own/", unit.take_over, name="take-over"),
    path("filings/units/<int:pk>/import/", importing.sheet_import, name="import"),
    path("filings/units/<int:pk>/template/", importing.template, name="template"),
    path("filings/imports/<int:pk>/undo/", importing.undo, name="undo"),
    path("filings/lines/<int:pk>/edit/", unit.line_edit, name="line-edit"),
    path("filings/lines/<int:pk>/withdraw/", unit.line_withdraw, name="line-withdraw"),
    path("filings/lines/<int:pk>/phone/", unit.line_phone, name="line-phone"),
    path("filings/outcomes/<int:pk>/edit/", unit.outcome_edit, name="outcome-edit"),
    path("filings/outcomes/<int:pk>/withdraw/", unit.outcome_withdraw, name="outcome-withdraw"),
]  # fmt: skip
