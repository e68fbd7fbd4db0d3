"""The trivial page that others are measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Nothing but an answer."""
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
