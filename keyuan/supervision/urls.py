"""Addresses of supervision."""

from django.urls import path

from keyuan.supervision.views import board, digest, item, ladder, opening

app_name = "supervision"
urlpatterns = [
    path("supervision/", board.item_board, name="board"),
    path("supervision/export/", board.board_export, name="export"),
    path("supervision/ledger/", board.ledger, name="ledger"),
    path("supervision/bulk/", board.bulk, name="bulk"),
    path("supervision/new/", opening.item_new, name="new"),
    path("supervision/pick/", opening.pick, name="pick"),
    path("supervision/import/", opening.item_import, name="import"),
    path("supervision/import/template/", opening.import_template, name="template"),
    path("supervision/ladder/", ladder.ladder, name="ladder"),
    path("supervision/digest/", digest.now, name="digest-now"),
    path("supervision/digest/export/", digest.now_export, name="digest-now-export"),
    path("supervision/digests/", digest.digests, name="digests"),
    path("supervision/digests/<int:pk>/", digest.one, name="digest"),
    path("supervision/digests/<int:pk>/export/", digest.one_export, name="digest-export"),
    path("supervision/evidence/<int:pk>/drop/", item.evidence_drop, name="evidence-drop"),
    path("supervision/postponements/<int:pk>/", item.postponement_decide, name="postponement"),
    path("supervision/<int:pk>/", item.detail, name="item"),
    path("supervision/<int:pk>/edit/", opening.item_edit, name="edit"),
    path("supervision/<int:pk>/move/", item.move, name="move"),
    path("supervision/<int:pk>/verify/", item.verify, name="verify"),
    path("supervision/<int:pk>/report/", item.report, name="report"),
    path("supervision/<int:pk>/evidence/", item.evidence, name="evidence"),
    path("supervision/<int:pk>/postpone/", item.postpone, name="postpone"),
]
