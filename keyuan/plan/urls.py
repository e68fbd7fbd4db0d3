"""Addresses of the plan's screens."""

from django.urls import path

from keyuan.plan.views import life, lists, official, plan, wall

app_name = "plan"
urlpatterns = [
    path("plan/", plan.plan_list, name="list"),
    path("plan/import/", plan.plan_import, name="import"),
    path("plan/import/confirm/", plan.plan_confirm, name="confirm"),
    path("plan/<int:year>/", plan.plan_page, name="plan"),
    path("plan/<int:year>/export/", plan.plan_export, name="export"),
    path("plan/activities/<int:pk>/", plan.activity_page, name="activity"),
    path("plan/activities/<int:pk>/edit/", plan.activity_edit, name="edit"),
    path("plan/<int:year>/wall/", wall.wall, name="wall"),
    path("plan/<int:year>/wall/export/", wall.wall_export, name="wall-export"),
    path("plan/<int:year>/begin/", life.begin, name="begin"),
    path("plan/activities/<int:pk>/details/", life.details, name="details"),
    path("plan/activities/<int:pk>/milestones/add/", life.milestone_add, name="milestone-add"),
    path("plan/milestones/<int:pk>/", life.milestone_edit, name="milestone"),
    path("plan/milestones/<int:pk>/finish/", life.milestone_finish, name="milestone-finish"),
    path("plan/milestones/<int:pk>/reopen/", life.milestone_reopen, name="milestone-reopen"),
    path("plan/milestones/<int:pk>/drop/", life.milestone_drop, name="milestone-drop"),
    path("plan/activities/<int:pk>/lessons/add/", life.lesson_add, name="lesson-add"),
    path("plan/activities/<int:pk>/link/", life.link, name="link"),
    path("plan/activities/<int:pk>/unlink/", life.unlink, name="unlink"),
    path("plan/<int:year>/official/", official.standing_page, name="official"),
    path("plan/<int:year>/official/pdf/", official.document_pdf, name="document-pdf"),
    path("plan/<int:year>/official/docx/", official.document_docx, name="document-docx"),
    path("plan/<int:year>/submit/", official.submit, name="submit"),
    path("plan/<int:year>/issue/", official.issue, name="issue"),
    path("plan/<int:year>/file/", official.file, name="file"),
    path("plan/<int:year>/record/", official.record, name="record"),
    path("plan/<int:year>/proposals/", lists.proposals, name="proposals"),
    path("plan/<int:year>/proposals/export/", lists.proposals_export, name="proposals-export"),
    path("plan/<int:year>/changes/", lists.changes, name="changes"),
    path("plan/<int:year>/changes/export/", lists.changes_export, name="changes-export"),
    path("plan/<int:year>/propose/", official.propose, name="propose"),
    path("plan/<int:year>/change/", official.change, name="change"),
    path("plan/proposals/<int:pk>/", official.proposal_edit, name="proposal"),
    path("plan/proposals/<int:pk>/accept/", official.proposal_accept, name="proposal-accept"),
    path("plan/proposals/<int:pk>/return/", official.proposal_return, name="proposal-return"),
    path("plan/proposals/<int:pk>/withdraw/", official.proposal_withdraw, name="proposal-withdraw"),
]
