"""Addresses of the approvals room."""

from django.urls import path

from keyuan.approvals.views import chains, delegations, requests

app_name = "approvals"
urlpatterns = [
    path("approvals/", requests.request_list, name="inbox"),
    path("approvals/export/", requests.decisions_export, name="export"),
    path("approvals/many/", requests.request_many, name="many"),
    path("approvals/chains/", chains.chain_list, name="chains"),
    path("approvals/chains/<str:kind>/", chains.chain_edit, name="chain"),
    path("approvals/delegations/", delegations.delegation_list, name="delegations"),
    path("approvals/delegations/<int:pk>/revoke/", delegations.delegation_revoke, name="revoke"),
    path("approvals/<int:pk>/", requests.request_detail, name="request"),
    path("approvals/<int:pk>/decide/", requests.request_decide, name="decide"),
    path("approvals/<int:pk>/withdraw/", requests.request_withdraw, name="withdraw"),
]
