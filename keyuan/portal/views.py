"""Pages that anybody may open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from keyuan.kernel.access import actor_of, public
from keyuan.kernel.pages import page
from keyuan.portal import queries, rules
from keyuan.portal.forms import LookupForm


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; whoever is signed in goes to the own desk."""
    if actor_of(request).is_known:
        try:
            return redirect(reverse("desk:home"))
        except NoReverseMatch:
            pass
    return page(request, "portal/home.html")


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the academy and this platform are."""
    return page(request, "portal/about.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is recorded about people, why, for how long, and their rights."""
    return page(request, "portal/privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is done so that everybody can use the platform, and whom to tell when somebody cannot."""
    return page(request, "portal/accessibility.html")


@public
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Search engines may read the front pages only."""
    lines = [
        "User-agent: *",
        "Disallow: /",
        "Allow: /$",
        "Allow: /about/",
        "Allow: /privacy/",
        "Allow: /accessibility/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and its answer: a wrong name and an unknown number look alike."""
    if request.method != "POST":
        return _unlisted(page(request, "portal/verify.html", form=LookupForm()))
    form = LookupForm(request.POST)
    if not form.is_valid():
        return _unlisted(page(request, "portal/verify.html", form=form, status=422))
    address = rules.address_of(request)
    if not rules.may_ask(address):
        return _too_often(request, form)
    rules.count_one(address)
    verdict = queries.by_number(form.cleaned_data["number"], form.cleaned_data["name"])
    return _unlisted(page(request, "portal/verdict.html", verdict=verdict))


@public
@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code of a certificate leads; only misses count against the address."""
    address = rules.address_of(request)
    if not rules.may_ask(address):
        return _too_often(request, LookupForm())
    verdict = queries.by_code(code)
    if verdict is None:
        rules.count_one(address)
    return _unlisted(page(request, "portal/verdict.html", verdict=verdict))


def _too_often(request: HttpRequest, form: LookupForm) -> HttpResponse:
    words = _("查询过于频繁，请十分钟后再试，或者扫描证书上的二维码。")
    answer = page(request, "portal/verify.html", form=form, refusal=words, status=429)
    answer["Retry-After"] = str(rules.WINDOW)
    return _unlisted(answer)


def _unlisted(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
