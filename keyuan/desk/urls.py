"""Addresses of the desk."""

from django.urls import path

from keyuan.desk.views import home, my_class, my_quota, my_teaching

app_name = "desk"
urlpatterns = [
    path("home/", home.home, name="home"),
    path("my/classes/", my_class.my_classes, name="my-classes"),
    path("my/classes/<int:pk>/", my_class.my_class, name="my-class"),
    path("my/classes/<int:pk>/letter/draw/", my_class.letter_draw, name="letter-draw"),
    path("my/classes/<int:pk>/letter/", my_class.letter, name="letter"),
    path("my/classes/<int:pk>/certificate/", my_class.certificate, name="certificate"),
    path("my/teaching/", my_teaching.my_teaching, name="my-teaching"),
    path("my/teaching/<int:pk>/", my_teaching.my_session, name="my-session"),
    path("my/teaching/<int:pk>/answer/", my_teaching.session_answer, name="session-answer"),
    path("my/quota/", my_quota.my_quota, name="my-quota"),
    path("my/quota/people/", my_quota.my_people, name="my-people"),
    path("my/quota/people/export.xlsx", my_quota.my_people_sheet, name="my-people-sheet"),
]
