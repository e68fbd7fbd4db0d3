"""Addresses of the desk."""

from django.urls import path

from keyuan.desk.views import home

app_name = "desk"
urlpatterns = [
    path("home/", home.home, name="home"),
]
