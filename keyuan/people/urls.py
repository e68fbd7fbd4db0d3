"""Addresses of the people room."""

from django.urls import path

from keyuan.people.views import account, availability, guest, merging, office, people

app_name = "people"
urlpatterns = [
    path("people/", people.people_list, name="list"),
    path("people/export/", people.people_export, name="export"),
    path("people/add/", people.person_add, name="add"),
    path("people/<int:pk>/", people.person_detail, name="detail"),
    path("people/<int:pk>/change/", people.person_change, name="change"),
    path("people/<int:pk>/reveal/", people.person_reveal, name="reveal"),
    path("people/<int:pk>/invite/", people.person_invite, name="invite"),
    path("people/<int:pk>/seats/", people.seat_grant, name="seat-grant"),
    path("people/merges/", merging.merge_list, name="merges"),
    path("people/merges/<int:pk>/", merging.merge_page, name="merge"),
    path("people/merges/<int:pk>/decide/", merging.merge_decide, name="merge-decide"),
    path("people/<int:pk>/merge/", merging.merge_propose, name="merge-propose"),
    path("people/<int:pk>/erase/", people.person_erase, name="erase"),
    path("availability/", availability.availability_list, name="availability"),
    path("availability/export.xlsx", availability.availability_export, name="availability-export"),
    path("availability/template.xlsx", availability.availability_template, name="availability-template"),
    path("availability/import/", availability.availability_import, name="availability-import"),
    path("availability/mine/", availability.availability_mine, name="availability-mine"),
    path("availability/restore/", availability.availability_restore, name="availability-restore"),
    path("availability/<int:pk>/", availability.availability_of, name="availability-of"),
    path("availability/rows/<int:pk>/change/", availability.availability_change, name="availability-change"),
    path("availability/rows/<int:pk>/remove/", availability.availability_remove, name="availability-remove"),
    path("seats/<int:pk>/end/", people.seat_end, name="seat-end"),
    path("seat/", account.seat_switch, name="seat-switch"),
    path("me/", account.me, name="me"),
    path("me/export/", account.me_export, name="me-export"),
    path("me/security/", account.security, name="security"),
    path("activate/<str:token>/", account.activate, name="activate"),
    path("g/<str:token>/", guest.enter, name="guest"),
    path("audit/", office.audit_log, name="audit"),
    path("matrix/", office.matrix, name="matrix"),
]
