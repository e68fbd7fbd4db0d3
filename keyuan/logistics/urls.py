"""Addresses of looking after a class."""

from django.urls import path

from keyuan.logistics.views import cars, groups, mine, needs, overview, posts, rooms, seats

app_name = "logistics"
urlpatterns = [
    path("logistics/mine/", mine.mine, name="mine"),
    path("classes/<int:pk>/logistics/", overview.overview, name="overview"),
    path("classes/<int:pk>/logistics/tell/", overview.tell, name="tell"),
    path("classes/<int:pk>/logistics/paper/", overview.paper, name="paper"),
    path("classes/<int:pk>/logistics/handbook/", overview.handbook, name="handbook"),
    path("classes/<int:pk>/logistics/rules/", overview.rules, name="rules"),
    path("classes/<int:pk>/logistics/groups/", groups.groups, name="groups"),
    path("classes/<int:pk>/logistics/groups/propose/", groups.propose, name="groups-propose"),
    path("classes/<int:pk>/logistics/groups/move/", groups.move, name="groups-move"),
    path("classes/<int:pk>/logistics/groups/one/", groups.one, name="group"),
    path("classes/<int:pk>/logistics/groups/export/", groups.export, name="groups-export"),
    path("classes/<int:pk>/logistics/groups/import/", groups.upload, name="groups-import"),
    path("classes/<int:pk>/logistics/posts/", posts.posts, name="posts"),
    path("classes/<int:pk>/logistics/rooms/", rooms.rooms, name="rooms"),
    path("classes/<int:pk>/logistics/rooms/add/", rooms.add, name="rooms-add"),
    path("classes/<int:pk>/logistics/rooms/one/", rooms.one, name="room"),
    path("classes/<int:pk>/logistics/rooms/propose/", rooms.propose, name="rooms-propose"),
    path("classes/<int:pk>/logistics/rooms/move/", rooms.move, name="rooms-move"),
    path("classes/<int:pk>/logistics/rooms/export/", rooms.export, name="rooms-export"),
    path("classes/<int:pk>/logistics/rooms/import/", rooms.upload, name="rooms-import"),
    path("classes/<int:pk>/logistics/rides/", cars.rides, name="rides"),
    path("classes/<int:pk>/logistics/rides/leg/", cars.leg, name="leg"),
    path("classes/<int:pk>/logistics/rides/vehicles/", cars.vehicles, name="vehicles"),
    path("classes/<int:pk>/logistics/rides/move/", cars.move, name="rides-move"),
    path("classes/<int:pk>/logistics/rides/export/", cars.export, name="rides-export"),
    path("classes/<int:pk>/logistics/seats/", seats.seats, name="seats"),
    path("classes/<int:pk>/logistics/seats/hall/", seats.hall, name="hall"),
    path("classes/<int:pk>/logistics/seats/propose/", seats.propose, name="seats-propose"),
    path("classes/<int:pk>/logistics/seats/move/", seats.move, name="seats-move"),
    path("classes/<int:pk>/logistics/seats/export/", seats.export, name="seats-export"),
    path("classes/<int:pk>/logistics/needs/", needs.needs, name="needs"),
    path("classes/<int:pk>/logistics/needs/ask/", needs.ask, name="needs-ask"),
    path("classes/<int:pk>/logistics/needs/one/", needs.one, name="need"),
    path("classes/<int:pk>/logistics/needs/export/", needs.export, name="needs-export"),
    path("classes/<int:pk>/logistics/mine/", mine.mine_in, name="mine-in"),
    path("classes/<int:pk>/logistics/mine/handbook/", mine.book, name="book"),
    path("classes/<int:pk>/logistics/contacts/", mine.contacts, name="contacts"),
]
