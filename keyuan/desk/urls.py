"""Addresses of the desk."""

from django.urls import path

from keyuan.desk import views

app_name = "desk"
urlpatterns = [
    path("home/", views.home, name="home"),
]
