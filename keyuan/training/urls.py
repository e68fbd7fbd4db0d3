"""Addresses of the training room."""

from django.urls import path

from keyuan.training.views import classes, closing, nominating, review, shares, timetable

app_name = "training"
urlpatterns = [
    path("classes/", classes.class_list, name="list"),
    path("classes/export/", classes.class_export, name="export"),
    path("activities/<int:activity_id>/open/", classes.class_open, name="open"),
    path("classes/<int:pk>/", classes.class_detail, name="detail"),
    path("classes/<int:pk>/change/", classes.class_change, name="change"),
    path("classes/<int:pk>/move/", classes.class_move, name="move"),
    path("classes/<int:pk>/shares/", shares.shares, name="shares"),
    path("classes/<int:pk>/remind/", shares.remind, name="remind"),
    path("classes/<int:pk>/nominate/", nominating.nominate, name="nominate"),
    path("classes/<int:pk>/nominate/people/", nominating.nominate_people, name="nominate-people"),
    path("classes/<int:pk>/nominate/new/", nominating.nominate_new, name="nominate-new"),
    path("classes/<int:pk>/nominate/template/", nominating.reply_template, name="reply-template"),
    path("classes/<int:pk>/nominate/upload/", nominating.reply_upload, name="reply-upload"),
    path("classes/<int:pk>/opened/", nominating.mark_opened, name="mark-opened"),
    path("nominations/<int:pk>/move/", nominating.nomination_move, name="nomination-move"),
    path("classes/<int:pk>/nominations/", review.review, name="nominations"),
    path("classes/<int:pk>/nominations/export/", review.nominations_export, name="nominations-export"),
    path("classes/<int:pk>/nominations/many/", review.review_many, name="review-many"),
    path("classes/<int:pk>/roster/", review.roster, name="roster"),
    path("classes/<int:pk>/roster/export/", closing.roster_export, name="roster-export"),
    path("classes/<int:pk>/timetable/", timetable.timetable, name="timetable"),
    path("classes/<int:pk>/timetable/add/", timetable.session_add, name="session-add"),
    path("classes/<int:pk>/timetable/release/", timetable.release, name="release"),
    path("sessions/<int:pk>/change/", timetable.session_change, name="session-change"),
    path("sessions/<int:pk>/remove/", timetable.session_remove, name="session-remove"),
    path("classes/<int:pk>/attendance/", timetable.attendance, name="attendance"),
    path("sessions/<int:pk>/evaluate/", timetable.evaluation_open, name="evaluate"),
    path("calendar/<str:token>.ics", timetable.calendar_feed, name="feed"),
    path("teach/<str:token>/", timetable.teach, name="teach"),
    path("classes/<int:pk>/closing/", closing.closing, name="closing"),
    path("classes/<int:pk>/close/", closing.close, name="close"),
    path("classes/<int:pk>/reopen/", closing.reopen, name="reopen"),
    path("classes/<int:pk>/certificates/", closing.certificates, name="certificates"),
    path("classes/<int:pk>/papers/", closing.class_papers, name="papers"),
    path("classes/<int:pk>/papers/<slug:kind>/", closing.paper, name="paper"),
    path("classes/<int:pk>/dossier/", closing.dossier, name="dossier"),
]
