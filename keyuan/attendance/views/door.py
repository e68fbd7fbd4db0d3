"""The door (签到台): an installable page that goes on scanning without a network, and what feeds it."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from keyuan.attendance import actions
from keyuan.attendance.models import DoorRecord
from keyuan.attendance.queries import door as queries
from keyuan.attendance.rules.door import read_pack
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, public, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page

# All that the page is made of; the worker keeps it on the phone.
KEPT = (
    "kernel/mark.svg", "kernel/icons.svg", "kernel/tokens.css", "kernel/base.css", "kernel/shell.css",
    "kernel/components.css", "kernel/lists.css", "kernel/print.css", "django_htmx/htmx-4.min.js", "kernel/js/shell.js",
    "kernel/js/forms.js", "kernel/js/lists.js", "attendance/attendance.css", "attendance/door.css",
    "attendance/js/door.js", "attendance/js/store.js", "attendance/js/qr.js", "attendance/door.svg",
)  # fmt: skip

navigation.entry(_("签到台"), "attendance:door", ("head_teacher",), 8, "scan", phone=True)


@never_cache
@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """The page itself, without a name on it: the list comes separately and stays on the phone until midnight."""
    require(actor_of(request), "attendance.door")
    return page(request, "attendance/door.html", words=_words())


def _words() -> dict[str, str]:
    """What the page says while it works; it must speak without a network too."""
    return {
        "online": _("已联网，记录全部上传"), "waiting": _("正在上传，{n} 条待上传"), "start": _("正在读取名单…"),
        "offline": _("没有网络，照常登记：{n} 条待上传"), "queue": _("{n} 条待上传"),
        "signedout": _("登录已过期：{n} 条待上传，记录在这台手机里不会丢"),
        "forbidden": _("您当前的身份不能上传：{n} 条待上传，请切换身份后再试"),
        "noted": _("{name} 已到 {at}"), "late": _("{name} 迟到 {at}"), "already": _("{name} 先前已登记 {at}"),
        "early": _("还没有到签到时间，{at} 开始签到"), "over": _("这个课次已经结束，请选别的课次"),
        "onleave": _("（本人有请假，按到场登记）"), "undone": _("已撤销 {name} 的登记"), "unknown": _("名单里没有这个码或姓名"),
        "several": _("有 {n} 人符合，请在下面点选"), "tick": _("到"), "tickwho": _("登记{name}已到"), "undo": _("撤销"),
        "leave": _("请假"), "missing": "", "absent": _("缺勤"), "present": _("已到"), "waits": _("已到，待上传"), "read": _("知道了"),
        "opencamera": _("打开摄像头扫码"), "closecamera": _("关闭摄像头"), "aim": _("把学员的码放进画面"),
        "nocamera": _("打不开摄像头，请允许使用，或在下面找人打勾"),
    }  # fmt: skip


@never_cache
@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """The day's list for this keeper, with a fresh token for handing records in."""
    actor = actor_of(request)
    require(actor, "attendance.door")
    return JsonResponse({**queries.pack_for(actor), "csrf": get_token(request)})


@require_POST
def records(request: HttpRequest) -> HttpResponse:
    """Arrivals noted on the phone, taken in once each; the answer says what became of each."""
    actor = actor_of(request)
    require(actor, "attendance.door")
    try:
        sent = json.loads(request.body)
        pack, phone_now = read_pack(str(sent["pack"])), _moment(sent["sent"])
        noted = [_noted(each) for each in sent["records"]]
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return _refusal(422, _("记录的格式不对，请刷新签到台后再上传；记录仍在这台手机里。"))
    if pack is None:
        return _refusal(422, _("这些记录的名单凭据已过期（超过 7 天）或被改动，请按纸质记录补登。"))
    try:
        taken = actions.take_in(actor, pack=pack, noted=noted, phone_now=phone_now)
    except Fault as fault:
        return _refusal(fault.status, fault.message)
    results = [{"id": str(row.key), "state": row.state, "words": row.words} for row in taken]
    return JsonResponse({"results": results})


def _refusal(status: int, words: str) -> JsonResponse:
    return JsonResponse({"fault": words}, status=status)


def _moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _noted(each: dict[str, Any]) -> actions.Noted:
    how = str(each["how"])
    if how not in actions.HOWS:
        raise ValueError(how)
    return actions.Noted(
        UUID(str(each["id"])), int(each["sitting"]), int(each["person"]), how, _moment(each["at"])
    )


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an arrival that waited for a look, or set it aside."""
    actor = actor_of(request)
    record = get_object_or_404(visible(actor, DoorRecord).select_related("sitting"), pk=pk)
    move = request.POST.get("move", "")
    if move not in {"accept", "dismiss"}:
        raise Fault(_("没有这个操作，请刷新页面再试。"))
    note = request.POST.get("note", "")
    actions.settle(actor, record=record, move="accept" if move == "accept" else "dismiss", note=note)
    messages.success(request, _("已办理。"))
    return redirect("attendance:board", pk=record.sitting_id)


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; standing here it may govern the door's addresses and nothing else."""
    kept = json.dumps([reverse("attendance:door"), *(static(name) for name in KEPT)])
    script = f"self.KEPT = {kept};\nimportScripts({json.dumps(static('attendance/js/worker.js'))});\n"
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("attendance:door")
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone needs to set the door beside its other apps."""
    icon = {"src": static("attendance/door.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    facts = {
        "id": reverse("attendance:door"), "name": _("科苑签到台"), "short_name": _("签到台"), "lang": "zh-CN",
        "start_url": reverse("attendance:door"), "scope": reverse("attendance:door"), "display": "standalone",
        "background_color": "#ffffff", "theme_color": "#9b1c1c", "icons": [icon],
    }  # fmt: skip
    answer = JsonResponse(facts, content_type="application/manifest+json")
    answer["Cache-Control"] = "no-cache"
    return answer
