"""Addresses of the packages."""

from django.urls import path

from keyuan.packages import views

app_name = "packages"
urlpatterns = [path("packages/check/", views.check, name="check")]
