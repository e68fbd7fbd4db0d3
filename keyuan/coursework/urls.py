"""Addresses of coursework."""

from django.urls import path

from keyuan.coursework.views import board, materials, mine, tasks

app_name = "coursework"
urlpatterns = [
    path("coursework/mine/", mine.mine, name="mine"),
    path("coursework/tasks/<int:pk>/", mine.write, name="write"),
    path("coursework/tasks/<int:pk>/save/", mine.save, name="save"),
    path("coursework/tasks/<int:pk>/enclose/", mine.enclose, name="enclose"),
    path("coursework/tasks/<int:pk>/reopen/", mine.reopen, name="reopen"),
    path("coursework/enclosures/<int:pk>/", mine.enclosure, name="enclosure"),
    path("coursework/enclosures/<int:pk>/remove/", mine.unenclose, name="unenclose"),
    path("coursework/tasks/<int:pk>/edit/", tasks.edit, name="task-edit"),
    path("coursework/tasks/<int:pk>/withdraw/", tasks.withdraw, name="task-withdraw"),
    path("coursework/tasks/<int:pk>/board/", board.board, name="board"),
    path("coursework/tasks/<int:pk>/bulk/", board.bulk, name="bulk"),
    path("coursework/tasks/<int:pk>/export/", board.export, name="export"),
    path("coursework/tasks/<int:pk>/pack/", board.pack, name="pack"),
    path("coursework/tasks/<int:pk>/compilation/", board.compilation, name="compilation"),
    path("coursework/tasks/<int:pk>/excuse/", board.excuse, name="excuse"),
    path("coursework/submissions/<int:pk>/", board.read, name="read"),
    path("coursework/materials/<int:pk>/", materials.open_one, name="open"),
    path("coursework/materials/<int:pk>/count/", materials.count, name="count"),
    path("coursework/materials/<int:pk>/act/", materials.act, name="act"),
    path("coursework/sessions/<int:pk>/", materials.for_session, name="session"),
    path("classes/<int:pk>/coursework/", materials.materials, name="materials"),
    path("classes/<int:pk>/coursework/all/", materials.everything, name="all"),
    path("classes/<int:pk>/coursework/borrow/", materials.borrow, name="borrow"),
    path("classes/<int:pk>/coursework/tasks/", tasks.tasks, name="tasks"),
    path("classes/<int:pk>/coursework/tasks/new/", tasks.new, name="task-new"),
]
