"""Addresses of duties."""

from django.urls import path

from keyuan.duty.views import board, claims, laid_down, letters, person

app_name = "duty"
urlpatterns = [
    path("duties/", board.duty_board, name="board"),
    path("duties/export/", board.board_export, name="export"),
    path("duties/refresh/", board.refresh, name="refresh"),
    path("duties/mine/", person.my_duties, name="mine"),
    path("duties/people/<int:pk>/", person.person_duties, name="person"),
    path("duties/<int:pk>/", person.duty_page, name="duty"),
    path("duties/<int:pk>/plan/", person.plan, name="plan"),
    path("duties/<int:pk>/cancel/", person.cancel, name="cancel"),
    path("duties/<int:pk>/waive/", person.waive, name="waive"),
    path("duties/<int:pk>/revoke/", person.revoke, name="revoke"),
    path("duties/<int:pk>/prove/", person.prove, name="prove"),
    path("duties/<int:pk>/claim/", person.claim, name="claim"),
    path("duties/<int:pk>/answer/", person.answer, name="answer"),
    path("duties/<int:pk>/invite/", letters.invite, name="invite"),
    path("duties/claims/", claims.claim_list, name="claims"),
    path("duties/claims/<int:pk>/accept/", claims.accept, name="claim-accept"),
    path("duties/claims/<int:pk>/return/", claims.give_back, name="claim-return"),
    path("duties/claims/<int:pk>/withdraw/", claims.withdraw, name="claim-withdraw"),
    path("duties/proofs/<int:pk>/reverse/", claims.reverse_proof, name="proof-reverse"),
    path("duties/invite/", letters.invite_ticked, name="invite-ticked"),
    path("duties/letters/", letters.letter_list, name="letters"),
    path("duties/letters/archive/", letters.letter_archive, name="letter-archive"),
    path("duties/letters/<int:pk>/pdf/", letters.letter_pdf, name="letter-pdf"),
    path("duties/letters/<int:pk>/docx/", letters.letter_docx, name="letter-docx"),
    path("duties/rules/", laid_down.rule_list, name="rules"),
    path("duties/rules/defaults/", laid_down.load_defaults, name="defaults"),
    path("duties/rules/owed/", laid_down.owed_add, name="owed-add"),
    path("duties/rules/counting/", laid_down.counting_add, name="counting-add"),
    path("duties/rules/counting/<int:pk>/end/", laid_down.counting_end, name="counting-end"),
    path("duties/rules/reminders/", laid_down.reminders_add, name="reminders-add"),
]
