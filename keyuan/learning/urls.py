"""Addresses of online learning."""

from django.urls import path

from keyuan.learning.views import courses, writing

app_name = "learning"
urlpatterns = [
    path("learning/", courses.home, name="home"),
    path("learning/workshop/", courses.workshop, name="workshop"),
    path("learning/courses/new/", courses.new, name="new"),
    path("learning/courses/<int:pk>/edition/", courses.begin, name="begin"),
    path("learning/editions/<int:pk>/", courses.course, name="course"),
    path("learning/editions/<int:pk>/enrol/", courses.enrol, name="enrol"),
    path("learning/editions/<int:pk>/units/", courses.add_unit, name="add-unit"),
    path("learning/editions/<int:pk>/items/", courses.add_item, name="add-item"),
    path("learning/editions/<int:pk>/move/", courses.move, name="move"),
    path("learning/units/<int:pk>/edit/", writing.unit_edit, name="unit-edit"),
    path("learning/units/<int:pk>/act/", writing.unit_act, name="unit-act"),
    path("learning/items/<int:pk>/edit/", writing.item_edit, name="item-edit"),
    path("learning/items/<int:pk>/act/", writing.item_act, name="item-act"),
    path("learning/items/<int:pk>/", courses.item, name="item"),
    path("learning/items/<int:pk>/finish/", courses.finish, name="finish"),
]
