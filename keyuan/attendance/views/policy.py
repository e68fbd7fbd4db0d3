"""The attendance rules of a school: those in force, their history, new ones from a day on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance import actions, queries
from keyuan.attendance.forms import PolicyForm
from keyuan.attendance.models import Policy
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people.roles import Role


@navigation.entry(
    "考勤规定", "attendance:policies", roles=(Role.REGISTRAR,), order=91, icon="edit", group="设置"
)
def policies(request: HttpRequest) -> HttpResponse:
    """The rules in force with a form for new ones; what was judged before keeps its own."""
    actor = actor_of(request)
    school_id, today = actor.school_id or 0, timezone.localdate()
    require(actor, "attendance.set_policy", Policy(school_id=school_id))
    now = queries.limits_on(school_id, today)
    form = PolicyForm(request.POST or None, initial=PolicyForm.facts_of(now) | {"starts": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_policy(
                actor, school_id=school_id, starts=form.cleaned_data["starts"], limits=form.limits()
            )
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存，自 %(day)s 起执行。") % {"day": form.cleaned_data["starts"]})
            return redirect("attendance:policies")
    rows = visible(actor, Policy).prefetch_related("tiers")
    status = 422 if form.errors else 200
    return page(request, "attendance/policies.html", form=form, now=now, rows=rows, status=status)
