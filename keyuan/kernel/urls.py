"""Addresses of the kernel's own screens."""

from django.urls import path

from keyuan.kernel import views
from keyuan.kernel.views import batches, days, files, inbox, jobs, numbers, saved, search

app_name = "kernel"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("kit/", views.kit_page, name="kit"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/confirm/", batches.batch_confirm, name="batch-confirm"),
    path("batches/<int:pk>/accept/", batches.batch_accept, name="batch-accept"),
    path("batches/<int:pk>/columns/", batches.batch_columns, name="batch-columns"),
    path("batches/<int:pk>/drop/", batches.batch_drop, name="batch-drop"),
    path("batches/<int:pk>/result/", batches.batch_result, name="batch-result"),
    path("calendar/", days.days, name="calendar"),
    path("calendar/clear/", days.day_clear, name="calendar-clear"),
    path("calendar/export.xlsx", days.year_export, name="calendar-export"),
    path("calendar/template.xlsx", days.template, name="calendar-template"),
    path("calendar/import/", days.upload, name="calendar-import"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
    path("jobs/<int:pk>/retry/", jobs.job_retry, name="job-retry"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/open/", inbox.message_open, name="message-open"),
    path("inbox/read-all/", inbox.read_all, name="inbox-read-all"),
    path("inbox/preferences/", inbox.preferences, name="inbox-preferences"),
    path("files/<int:pk>/", files.download, name="file"),
    path("views/", saved.save, name="view-save"),
    path("views/<int:pk>/remove/", saved.remove, name="view-remove"),
    path("search/", search.search_page, name="search"),
    path("numbers/", numbers.number_list, name="numbers"),
    path("numbers/export.xlsx", numbers.number_sheet, name="numbers-sheet"),
    path("numbers/take/", numbers.number_take, name="number-take"),
    path("numbers/series/", numbers.series_list, name="series"),
    path("numbers/series/new/", numbers.series_new, name="series-new"),
    path("numbers/series/<int:pk>/", numbers.series_change, name="series-change"),
    path("numbers/<int:pk>/", numbers.number_page, name="number"),
    path("batch-rows/<int:pk>/", batches.batch_row, name="batch-row"),
    path("batch-rows/<int:pk>/answer/", batches.row_answer, name="batch-row-answer"),
]
