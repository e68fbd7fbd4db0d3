"""Addresses of the desk."""

from django.urls import path

from keyuan.desk.views import home, my_class

app_name = "desk"
urlpatterns = [
    path("home/", home.home, name="home"),
    path("my/classes/", my_class.my_classes, name="my-classes"),
    path("my/classes/<int:pk>/", my_class.my_class, name="my-class"),
    path("my/classes/<int:pk>/letter/draw/", my_class.letter_draw, name="letter-draw"),
    path("my/classes/<int:pk>/letter/", my_class.letter, name="letter"),
]
