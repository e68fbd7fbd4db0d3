"""The pages for what cannot be shown or done: one design, plain words, a way on."""

from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from keyuan.kernel import pages


def titles(status: int) -> tuple[str, str]:
    """The heading of a status and what to do when nobody said more."""
    known = {
        400: (_("请求有误"), _("链接或表单内容不完整。请返回上一页重试。")),
        403: (_("没有权限"), _("您当前的身份不能查看或办理这项内容。可切换身份，或联系教务。")),
        404: (_("没有找到"), _("页面不存在，或您当前的身份看不到它。请核对网址，或从首页查找。")),
        405: (_("不能这样打开"), _("这个地址只接受页面上的按钮。请从原页面操作。")),
        409: (_("内容已有变化"), _("别人刚刚办理过。请返回刷新后再看。")),
        410: (_("链接已失效"), _("这个链接已过期或已作废。请从原消息重新打开，或索取新的链接。")),
        413: (_("内容过大"), _("上传的文件或填写的内容超过上限。请缩小后重试。")),
        422: (_("无法办理"), _("有内容不符合规定。请返回修改。")),
        500: (_("系统出错了"), _("这次操作没有完成。问题已记录，请稍后重试；多次出现请告诉系统管理员。")),
        503: (_("系统正忙"), _("请稍候几秒再试一次。")),
        507: (_("存储空间已满"), _("这次的修改没有保存。请联系系统管理员。")),
    }
    return known.get(status, known[500])


def refusal(request: HttpRequest, status: int, message: str = "", heading: str = "") -> HttpResponse:
    """The page for a status with the sentence that explains it; a toast when htmx asked for a part."""
    usual, otherwise = titles(status)
    title, said = heading or usual, message or otherwise
    if pages.wants_part(request):
        text = pages.render(request, "kernel/fault_toast.html", {"title": title, "message": said})
        answer = HttpResponse(text, status=status)
        answer["HX-Retarget"] = "#toasts"
        answer["HX-Reswap"] = "beforeend"
        return answer
    context = {"title": title, "message": said, "status": status, "back": came_from(request)}
    return HttpResponse(pages.render(request, "kernel/fault.html", context), status=status)


def came_from(request: HttpRequest) -> str:
    """The page of this site that led here, so that one gets back to it without scripts; "" when unknown."""
    page = request.headers.get("Referer", "")
    try:
        host = request.get_host()
    except DisallowedHost:  # the very fault that this page is about to tell
        return ""
    if not url_has_allowed_host_and_scheme(page, {host}, require_https=request.is_secure()):
        return ""
    found = urlsplit(page)
    path = found.path + (f"?{found.query}" if found.query else "")
    return "" if request.method == "GET" and path == request.get_full_path() else path


def bare(status: int) -> HttpResponse:
    """The same words without the frame, for when the frame itself cannot be drawn."""
    title, said = titles(status)
    text = pages.render(None, "kernel/fault_bare.html", {"title": title, "message": said, "status": status})
    return HttpResponse(text, status=status)
