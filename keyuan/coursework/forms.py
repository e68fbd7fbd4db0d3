"""What the screens of this room take in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from keyuan.coursework.models import Material, Task
from keyuan.coursework.models.tasks import MOST_TEXT
from keyuan.training.models import Session, TrainingClass

if TYPE_CHECKING:
    _Task = forms.ModelForm[Task]
else:
    # Django's form classes cannot be subscripted when the program runs.
    _Task = forms.ModelForm

MOMENT = "%Y-%m-%dT%H:%M"


class _Several(forms.ClearableFileInput):
    """A control that takes several files in one go (多个文件)."""

    allow_multiple_selected = True


class _Files(forms.FileField):
    """Several files, each cleaned by itself."""

    widget = _Several

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """All the files, none of them empty."""
        one = super().clean
        found = data if isinstance(data, list | tuple) else [data]
        return [one(each, initial) for each in (found or [None])]


class GiveForm(forms.Form):
    """Files to give out (发放资料)."""

    title = forms.CharField(
        label=_("名称"), max_length=80, required=False, help_text=_("只选一个文件时可改名；不填用文件名。")
    )
    use = forms.ChoiceField(
        label=_("使用范围"), choices=Material.Use.choices, initial=Material.Use.CLASS, widget=forms.RadioSelect,
        help_text=_("讲稿、课件请先征得主讲人同意。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = _("可一次选多个：PDF、Word、PPT、Excel、图片、音视频、ZIP，每个不超过 100 MB。")
        # A form has an attribute `files` of its own, so the field is not declared under that name.
        self.fields = {"files": _Files(label=_("文件"), help_text=words), **self.fields}


class GiveToClassForm(GiveForm):
    """The same, for the class or one of its sessions."""

    session = forms.ModelChoiceField(
        label=_("课次"), queryset=Session.objects.none(), required=False, empty_label=_("全班通用")
    )

    def __init__(self, training_class: TrainingClass, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["session"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Session.objects.filter(training_class=training_class)


class MaterialForm(forms.Form):
    """Title and use of one material (资料信息)."""

    title = forms.CharField(label=_("名称"), max_length=80)
    use = forms.ChoiceField(label=_("使用范围"), choices=Material.Use.choices)


class TaskForm(_Task):
    """A task (学习任务)."""

    due_at = forms.DateTimeField(
        label=_("截止时间"), input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=_("截止前一天自动提醒没有提交的学员；过后仍可补交，注明迟交。"),
    )  # fmt: skip

    class Meta:
        """In the order one thinks of them."""

        model = Task
        fields = ("kind", "title", "words", "least", "due_at", "required")
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "least": _("不计空格和换行；0 为不限。交了附件的不按此计。"),
            "required": _("勾选后，结班清单会列出还没有通过的学员；确有困难的可逐人免交。"),
        }


class WriteForm(forms.Form):
    """What a trainee writes (作业)."""

    text = forms.CharField(
        label=_("正文"), max_length=MOST_TEXT, required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "autocomplete": "off"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("同意收入汇编"), required=False,
        help_text=_("通过后署名编入本班《学员心得汇编》；不同意不影响结业，提交前可改。"),
    )  # fmt: skip


class EncloseForm(forms.Form):
    """One file to go with a text (附件)."""

    file = forms.FileField(
        label=_("附件"),
        help_text=_("Word（.docx）、PDF 或照片，每个不超过 20 MB；照片会去掉拍摄地点等信息。"),
    )


class ExcuseForm(forms.Form):
    """Why somebody is let off (免交)."""

    note = forms.CharField(label=_("免交理由"), max_length=200)
