"""Addresses of posts and terms."""

from django.urls import path

from keyuan.terms.views import board, organisation, posts, term

app_name = "terms"
urlpatterns = [
    path("terms/", board.term_board, name="board"),
    path("terms/export/", board.board_export, name="export"),
    path("terms/import/", board.term_import, name="import"),
    path("terms/import/template/", board.import_template, name="template"),
    path("terms/organisations/<int:pk>/", organisation.organisation_terms, name="organisation"),
    path("terms/organisations/<int:pk>/elect/", organisation.elect, name="elect"),
    path("terms/organisations/<int:pk>/act/", organisation.act, name="act"),
    path("terms/organisations/<int:pk>/vacant/", organisation.vacant, name="vacant"),
    path("terms/changes/<int:pk>/undo/", organisation.undo, name="undo"),
    path("terms/posts/", posts.post_list, name="posts"),
    path("terms/posts/add/", posts.post_edit, name="post-add"),
    path("terms/posts/defaults/", posts.post_defaults, name="defaults"),
    path("terms/posts/rules/", posts.rule_add, name="rule-add"),
    path("terms/posts/<int:pk>/", posts.post_edit, name="post"),
    path("terms/posts/<int:pk>/rename/", posts.post_rename, name="post-rename"),
    path("terms/<int:pk>/extend/", term.extend, name="extend"),
    path("terms/<int:pk>/replace/", term.replace, name="replace"),
    path("terms/<int:pk>/end/", term.end, name="end"),
    path("terms/<int:pk>/correct/", term.correct, name="correct"),
]
