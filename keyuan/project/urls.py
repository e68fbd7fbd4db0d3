"""Root urls: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("keyuan.desk.urls")),
    path("", include("keyuan.portal.urls")),
    path("", include("keyuan.supervision.urls")),
    path("", include("keyuan.rotation.urls")),
    path("", include("keyuan.hosting.urls")),
    path("", include("keyuan.duty.urls")),
    path("", include("keyuan.duty.seasonurls")),
    path("", include("keyuan.fees.urls")),
    path("", include("keyuan.logistics.urls")),
    path("", include("keyuan.coursework.urls")),
    path("", include("keyuan.filings.urls")),
    path("", include("keyuan.learning.urls")),
    path("", include("keyuan.training.urls")),
    path("", include("keyuan.evaluation.urls")),
    path("", include("keyuan.questions.exchange.urls")),
    path("", include("keyuan.packages.urls")),
    path("", include("keyuan.attendance.urls")),
    path("", include("keyuan.credits.urls")),
    path("", include("keyuan.plan.urls")),
    path("", include("keyuan.approvals.urls")),
    path("", include("keyuan.terms.urls")),
    path("", include("keyuan.people.urls")),
    path("", include("keyuan.orgs.urls")),
    path("", include("keyuan.kernel.urls")),
    path("accounts/", include("allauth.urls")),
]
handler400 = "keyuan.kernel.views.bad_request"
handler403 = "keyuan.kernel.views.forbidden"
handler404 = "keyuan.kernel.views.not_found"
handler500 = "keyuan.kernel.views.server_error"
