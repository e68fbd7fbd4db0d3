"""What a unit files stays within what it was asked: types and demonstrations are those of its own frame."""

from django.db import migrations

from keyuan.kernel.triggers import refused

OTHER_TYPE = (
    "(SELECT t.frame_id FROM filings_frametype t WHERE t.id = NEW.type_id) "
    "<> (SELECT f.frame_id FROM filings_filing f WHERE f.id = NEW.filing_id)"
)
OTHER_EXAMPLE = (
    "(SELECT d.frame_id FROM filings_demonstration d WHERE d.id = NEW.follows_id) "
    "<> (SELECT f.frame_id FROM filings_filing f WHERE f.id = NEW.filing_id)"
)
OTHER_PLAN = "(SELECT l.filing_id FROM filings_line l WHERE l.id = NEW.line_id) <> NEW.filing_id"


class Migration(migrations.Migration):
    dependencies = [("filings", "0002_kept")]
    operations = [
        refused("filings_line", "type", OTHER_TYPE, "a line keeps to the types of its frame"),
        refused("filings_line", "follows", OTHER_EXAMPLE, "a line follows a demonstration of its frame"),
        refused("filings_outcome", "type", OTHER_TYPE, "an outcome keeps to the types of its frame"),
        refused("filings_outcome", "line", OTHER_PLAN, "an outcome belongs to a line of its own unit"),
    ]
