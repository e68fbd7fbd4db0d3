"""Settings of the test run: the same rules, a throw-away folder, quick password hashes."""

import os
import tempfile

os.environ.setdefault("KEYUAN_VAR", tempfile.mkdtemp(prefix="keyuan-test-"))

from keyuan.project.settings import *  # noqa: F403 - settings are made to be taken whole

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405 - from the settings taken whole
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
