"""Addresses of the kernel's own screens."""

from django.urls import path

from keyuan.kernel import views
from keyuan.kernel.views import batches

app_name = "kernel"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("kit/", views.kit_page, name="kit"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/confirm/", batches.batch_confirm, name="batch-confirm"),
    path("batches/<int:pk>/drop/", batches.batch_drop, name="batch-drop"),
    path("batches/<int:pk>/result/", batches.batch_result, name="batch-result"),
    path("batch-rows/<int:pk>/", batches.batch_row, name="batch-row"),
]
