"""Addresses of the kernel's own screens."""

from django.urls import path

from keyuan.kernel import views

app_name = "kernel"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("kit/", views.kit_page, name="kit"),
]
