"""Addresses of evaluation; the casting path stands apart so that proxies can leave it out of their logs."""

from django.urls import path

from keyuan.evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("evaluation/", views.form_list, name="list"),
    path("evaluation/<int:pk>/", views.detail, name="detail"),
    path("evaluation/<int:pk>/answer/", views.answer, name="answer"),
    path("evaluation/<int:pk>/token/", views.token, name="token"),
    path("evaluation/<int:pk>/plain/", views.plain, name="plain"),
    path("evaluation/<int:pk>/move/", views.move, name="move"),
    path("evaluation/<int:pk>/check/", views.check, name="check"),
    path("urn/<int:pk>/", views.cast, name="cast"),
]
