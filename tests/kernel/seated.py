"""Somebody signed in and seated, for the screens of the kernel."""

from django.test import Client

from keyuan.people.models import Account, Seat
from tests.kernel.page_urls import account


def sit(client: Client, email: str = "seated@example.com", role: str = "registrar") -> Account:
    """Sign somebody in, in one seat of the test school."""
    signed = account(email)
    seat = Seat.objects.create(person=signed.person, role=role, school=signed.person.school)
    client.force_login(signed)
    session = client.session
    session["seat"] = seat.pk
    session.save()
    return signed
