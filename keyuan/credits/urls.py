"""Addresses of hours and certificates."""

from django.urls import path

from keyuan.credits.views import certificates, ledger, templates

app_name = "credits"

urlpatterns = [
    path("credits/", ledger.mine, name="mine"),
    path("credits/statement.xlsx", ledger.mine_sheet, name="mine-sheet"),
    path("credits/ledger/", ledger.accounts, name="accounts"),
    path("credits/ledger/export.xlsx", ledger.accounts_sheet, name="accounts-sheet"),
    path("credits/people/<int:person_id>/", ledger.person, name="person"),
    path("credits/people/<int:person_id>/statement.xlsx", ledger.person_sheet, name="person-sheet"),
    path("credits/certificates/", certificates.certificate_list, name="certificates"),
    path("credits/certificates/export.xlsx", certificates.certificate_sheet, name="certificates-sheet"),
    path("credits/certificates/archive.zip", certificates.certificate_archive, name="certificates-archive"),
    path("credits/templates/", templates.template_list, name="templates"),
    path("credits/templates/new/", templates.template_new, name="template-new"),
    path("credits/templates/<int:pk>/", templates.template_change, name="template"),
    path("credits/templates/<int:pk>/sample/", templates.template_sample, name="template-sample"),
    path("credits/templates/<int:pk>/sample.png", templates.template_picture, name="template-picture"),
    path("credits/templates/<int:pk>/default/", templates.template_default, name="template-default"),
    path("credits/templates/<int:pk>/seal/", templates.template_seal, name="template-seal"),
    path("credits/templates/<int:pk>/seal/remove/", templates.template_unseal, name="template-unseal"),
    path("credits/certificates/<int:pk>/", certificates.certificate, name="certificate"),
    path("credits/certificates/<int:pk>/pdf/", certificates.certificate_pdf, name="certificate-pdf"),
    path("credits/certificates/<int:pk>/revoke/", certificates.certificate_revoke, name="certificate-revoke"),
    path(
        "credits/certificates/<int:pk>/reissue/", certificates.certificate_reissue, name="certificate-reissue"
    ),
]
