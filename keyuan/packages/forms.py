"""What the screens of this room take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.faults import Fault
from keyuan.packages.rules import archive, manifests

MOST = 300 * archive.MEGABYTE


class CheckForm(forms.Form):
    """A package to be looked through (检查课件包); what was found is in `contents` and `found`."""

    file = forms.FileField(
        label=_lazy("课件包"), max_length=200,
        help_text=_lazy("ZIP 或 .h5p，不超过 300 MB。SCORM 1.2、SCORM 2004 第 3/4 版、cmi5、H5P。"),
    )  # fmt: skip
    contents: manifests.Contents
    found: archive.Archive

    def clean_file(self) -> Any:
        """The upload, looked through to the last byte. Refused with the reason of the first fault."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST:
            raise forms.ValidationError(
                _("文件超过 %(n)s MB，请压缩或拆分后再上传。") % {"n": MOST // archive.MEGABYTE}
            )
        try:
            self.found = archive.opened(upload)
            self.contents = manifests.read(self.found)
            for path in self.found.files:
                for _piece in self.found.pieces(path):
                    pass
        except Fault as fault:
            raise forms.ValidationError(fault.message) from fault
        return upload
