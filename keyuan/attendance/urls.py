"""Addresses of attendance."""

from django.urls import path

from keyuan.attendance.views import door, evidence, leave, phone, policy, room

app_name = "attendance"
urlpatterns = [
    path("attendance/", room.sitting_list, name="list"),
    path("attendance/<int:pk>/", room.board, name="board"),
    path("attendance/<int:pk>/screen/", room.screen, name="screen"),
    path("attendance/<int:pk>/mark/", room.mark, name="mark"),
    path("attendance/<int:pk>/scanner/", room.scanner, name="scanner"),
    path("attendance/<int:pk>/phones/", evidence.phones, name="phones"),
    path("attendance/<int:pk>/paper/", evidence.paper, name="paper"),
    path("attendance/<int:pk>/meeting/", evidence.meeting, name="meeting"),
    path("attendance/photos/<int:pk>/", evidence.photo, name="photo"),
    path("attendance/photos/<int:pk>/drop/", evidence.photo_drop, name="photo-drop"),
    path("attendance/lines/<int:pk>/", evidence.line, name="line"),
    path("attendance/<int:pk>/check-in/", phone.check_in, name="check-in"),
    path("attendance/<int:pk>/check-in/first/", phone.check_in_as_guest, name="check-in-guest"),
    path("attendance/<int:pk>/claim/", phone.claim, name="claim"),
    path("attendance/claims/<int:pk>/", room.judge, name="judge"),
    path("attendance/policies/", policy.policies, name="policies"),
    path("attendance/door/", door.door, name="door"),
    path("attendance/door/roster/", door.roster, name="door-roster"),
    path("attendance/door/records/", door.records, name="door-records"),
    path("attendance/door/worker.js", door.worker, name="door-worker"),
    path("attendance/door/app.webmanifest", door.manifest, name="door-manifest"),
    path("attendance/door-records/<int:pk>/", door.settle, name="settle"),
    path("attendance/mine/", phone.mine, name="mine"),
    path("attendance/leaves/", leave.leave_list, name="leaves"),
    path("attendance/leaves/<int:pk>/", leave.leave_detail, name="leave"),
    path("attendance/leaves/<int:pk>/move/", leave.leave_move, name="leave-move"),
    path("attendance/of/<str:label>/<int:owner_id>/", room.standings, name="standings"),
    path("attendance/of/<str:label>/<int:owner_id>/export/", room.grid_export, name="grid-export"),
    path("attendance/of/<str:label>/<int:owner_id>/leave/", leave.ask, name="ask-leave"),
    path("s/<int:pk>/<str:token>/", phone.scan_room, name="scan-room"),
]
