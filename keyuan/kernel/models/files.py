"""Files people hand in or are handed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A kept file (文件): the name it was given, the thing it belongs to, and its bytes by their hash."""

    school_id = models.BigIntegerField(_("分校"), null=True)
    owner_label = models.CharField(_("属于"), max_length=80)
    owner_id = models.BigIntegerField(_("属于编号"))
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    kind = models.CharField(_("类型"), max_length=12)
    sha256 = models.CharField(_("摘要"), max_length=64)
    kept_at = models.DateTimeField(_("保存时间"), default=timezone.now)
    person_id = models.BigIntegerField(_("上传人"), null=True)

    class Meta:
        """By owner; the sweep looks up by hash."""

        ordering = ("-id",)
        indexes = (
            models.Index(fields=("owner_label", "owner_id", "-id"), name="file_by_owner"),
            models.Index(fields=("sha256",), name="file_by_hash"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name
