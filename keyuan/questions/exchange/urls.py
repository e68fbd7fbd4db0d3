"""Addresses of looking into files of questions."""

from django.urls import path

from keyuan.questions.exchange import views

app_name = "question-files"
urlpatterns = [
    path("question-files/", views.exchange, name="exchange"),
    path("question-files/template/", views.template, name="template"),
]
