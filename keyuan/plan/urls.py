"""Addresses of the plan's screens."""

from django.urls import path

from keyuan.plan import views

app_name = "plan"
urlpatterns = [
    path("plan/", views.plan_list, name="list"),
    path("plan/import/", views.plan_import, name="import"),
    path("plan/import/confirm/", views.plan_confirm, name="confirm"),
    path("plan/<int:year>/", views.plan_page, name="plan"),
    path("plan/<int:year>/export/", views.plan_export, name="export"),
    path("plan/activities/<int:pk>/", views.activity_page, name="activity"),
    path("plan/activities/<int:pk>/edit/", views.activity_edit, name="edit"),
]
