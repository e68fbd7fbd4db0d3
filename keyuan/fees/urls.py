"""Addresses of the fees room."""

from django.urls import path

from keyuan.fees.views import budgets, lectures, mine, settling, standards

app_name = "fees"
urlpatterns = [
    path("fees/", budgets.overview, name="overview"),
    path("fees/export/", budgets.overview_export, name="overview-export"),
    path("fees/standards/", standards.standards, name="standards"),
    path("fees/standards/load/", standards.standards_load, name="standards-load"),
    path("fees/standards/<int:pk>/", standards.standard, name="standard"),
    path("fees/standards/<int:pk>/edit/", standards.standard_edit, name="standard-edit"),
    path("fees/standards/<int:pk>/turn/", standards.standard_turn, name="standard-turn"),
    path("fees/standards/<int:pk>/export/", standards.standard_export, name="standard-export"),
    path("fees/standards/<int:pk>/import/", standards.standard_import, name="standard-import"),
    path("fees/withholding/", standards.withholding, name="withholding"),
    path("fees/payees/", lectures.month, name="payees"),
    path("fees/mine/", mine.mine, name="mine"),
    path("fees/mine/<int:pk>/", mine.own_slip, name="own-slip"),
    path("fees/slips/<int:pk>/", lectures.slip, name="slip"),
    path("fees/slips/<int:pk>/move/", lectures.slip_move, name="slip-move"),
    path("fees/slips/<int:pk>/account/", lectures.slip_account, name="slip-account"),
    path("fees/slips/<int:pk>/reveal/", lectures.slip_reveal, name="slip-reveal"),
    path("classes/<int:pk>/fees/", budgets.budget, name="budget"),
    path("classes/<int:pk>/fees/edit/", budgets.budget_edit, name="budget-edit"),
    path("classes/<int:pk>/fees/sums/", budgets.budget_sums, name="budget-sums"),
    path("classes/<int:pk>/fees/move/", budgets.budget_move, name="budget-move"),
    path("classes/<int:pk>/fees/versions/<int:number>/", budgets.budget_version, name="budget-version"),
    path("classes/<int:pk>/fees/budget.xlsx", budgets.budget_file, {"form": "xlsx"}, name="budget-xlsx"),
    path("classes/<int:pk>/fees/budget.docx", budgets.budget_file, {"form": "docx"}, name="budget-docx"),
    path("classes/<int:pk>/fees/settlement/", settling.settlement, name="settlement"),
    path("classes/<int:pk>/fees/settlement/edit/", settling.settlement_edit, name="settlement-edit"),
    path("classes/<int:pk>/fees/settlement/move/", settling.settlement_move, name="settlement-move"),
    path("classes/<int:pk>/fees/settlement/export/", settling.settlement_export, name="settlement-export"),
    path("classes/<int:pk>/fees/bundle/", settling.bundle_tick, name="bundle"),
    path("classes/<int:pk>/fees/lectures/", lectures.sheet, name="lectures"),
    path("classes/<int:pk>/fees/lectures/draw/", lectures.draw, name="lectures-draw"),
    path("classes/<int:pk>/fees/lectures/send/", lectures.send_all, name="lectures-send"),
    path("classes/<int:pk>/fees/lectures/pay/", lectures.pay_all, name="lectures-pay"),
    path("classes/<int:pk>/fees/lectures/payment/", lectures.payment_file, name="lectures-payment"),
    path(
        "classes/<int:pk>/fees/lectures/sheet.xlsx",
        lectures.sheet_file,
        {"form": "xlsx"},
        name="lectures-xlsx",
    ),
    path(
        "classes/<int:pk>/fees/lectures/sheet.docx",
        lectures.sheet_file,
        {"form": "docx"},
        name="lectures-docx",
    ),
    path(
        "classes/<int:pk>/fees/lectures/sheet.pdf", lectures.sheet_file, {"form": "pdf"}, name="lectures-pdf"
    ),
]
