"""Settings of the test run: the same rules, a throw-away folder, quick password hashes."""

import atexit
import os
import shutil
import tempfile

if "KEYUAN_VAR" not in os.environ:
    os.environ["KEYUAN_VAR"] = tempfile.mkdtemp(prefix="keyuan-test-")
    atexit.register(shutil.rmtree, os.environ["KEYUAN_VAR"], ignore_errors=True)

from keyuan.project.settings import *  # noqa: F403 - settings are made to be taken whole

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405 - from the settings taken whole
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# In memory: a test of the whole database empties model tables only, and rate limits would stay.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405 - the same
    # A file, as in service: locks, WAL and several processes behave otherwise in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}  # noqa: F405 - the same
# whitenoise warns of a missing folder, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - the same
