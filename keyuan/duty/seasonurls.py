"""Addresses of seasons, their proposals, themes and expertise."""

from django.urls import path

from keyuan.duty.views import proposals, seasons, themes

app_name = "seasons"
urlpatterns = [
    path("duties/seasons/", seasons.season_list, name="list"),
    path("duties/seasons/add/", seasons.season_edit, name="add"),
    path("duties/seasons/<int:pk>/", seasons.season_page, name="season"),
    path("duties/seasons/<int:pk>/edit/", seasons.season_edit, name="edit"),
    path("duties/seasons/<int:pk>/classes/", seasons.season_classes, name="classes"),
    path("duties/seasons/<int:pk>/fill/", seasons.season_fill, name="fill"),
    path("duties/seasons/<int:pk>/slots/", seasons.season_slots, name="slots"),
    path("duties/seasons/<int:pk>/propose/", seasons.season_propose, name="propose"),
    path("duties/proposals/<int:pk>/", proposals.proposal_page, name="proposal"),
    path("duties/proposals/<int:pk>/accept/", proposals.proposal_accept, name="accept"),
    path("duties/proposals/<int:pk>/export/", proposals.proposal_export, name="export"),
    path(
        "duties/proposals/<int:pk>/instance/", proposals.proposal_file, {"what": "instance"}, name="instance"
    ),
    path("duties/proposals/<int:pk>/result/", proposals.proposal_file, {"what": "result"}, name="result"),
    path("duties/proposals/<int:pk>/replan/", proposals.proposal_replan, name="replan"),
    path("duties/proposals/<int:pk>/compare/", proposals.proposal_compare, name="compare"),
    path("duties/acceptances/<int:pk>/undo/", proposals.acceptance_undo, name="undo"),
    path("duties/drop-out/<int:pk>/", proposals.drop_out, name="drop-out"),
    path("duties/themes/", themes.theme_list, name="themes"),
    path("duties/themes/add/", themes.theme_edit, name="theme-add"),
    path("duties/themes/defaults/", themes.theme_defaults, name="theme-defaults"),
    path("duties/themes/<int:pk>/", themes.theme_edit, name="theme"),
    path("duties/themes/<int:pk>/remove/", themes.theme_remove, name="theme-remove"),
    path("duties/expertise/", themes.expertise, name="expertise"),
    path("duties/expertise/export/", themes.expertise_export, name="expertise-export"),
]
