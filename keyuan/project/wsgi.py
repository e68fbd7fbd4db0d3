"""The WSGI door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keyuan.project.settings")
application = get_wsgi_application()

from keyuan.kernel.checks import refuse_unsound_database  # noqa: E402 - needs Django to be set up

refuse_unsound_database()
