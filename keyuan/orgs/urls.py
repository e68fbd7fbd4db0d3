"""Addresses of the list of organisations."""

from django.urls import path

from keyuan.orgs import views

app_name = "orgs"
urlpatterns = [
    path("organisations/", views.organisation_list, name="list"),
    path("organisations/export/", views.organisation_export, name="export"),
    path("organisations/template/", views.organisation_template, name="template"),
    path("organisations/add/", views.organisation_edit, name="add"),
    path("organisations/import/", views.organisation_import, name="import"),
    path("organisations/import/confirm/", views.organisation_confirm, name="confirm"),
    path("organisations/<int:pk>/", views.organisation_edit, name="edit"),
    path("organisations/<int:pk>/rename/", views.organisation_rename, name="rename"),
]
