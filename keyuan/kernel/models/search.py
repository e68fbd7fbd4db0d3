"""What can be found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """One findable thing (检索条目): its words and its pinyin; who may see it is asked of the thing itself."""

    label = models.CharField(_("种类"), max_length=80)
    thing_id = models.BigIntegerField(_("编号"))
    school_id = models.BigIntegerField(_("分校"), null=True)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    # Title, text and spelling in small half-width letters, for LIKE on PostgreSQL.
    plain = models.TextField(blank=True)
    # The same as one character a token, for SQLite's index alone, which reads these four columns.
    kind_token = models.CharField(max_length=80, blank=True)
    title_tokens = models.TextField(blank=True)
    body_tokens = models.TextField(blank=True)
    spelling_tokens = models.TextField(blank=True)

    class Meta:
        """A thing is found once."""

        constraints = (
            models.UniqueConstraint(fields=("label", "thing_id"), name="one_search_entry_a_thing"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title
