"""Settings of the test run: the same rules, a throw-away folder, quick password hashes."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "KEYUAN_VAR" not in os.environ:
    os.environ["KEYUAN_VAR"] = tempfile.mkdtemp(prefix="keyuan-test-")
    atexit.register(shutil.rmtree, os.environ["KEYUAN_VAR"], ignore_errors=True)
if worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    # Parallel workers inherit one folder, but each has a database of its own: keys and files that are
    # named by row id would be written over one another.
    here = Path(os.environ["KEYUAN_VAR"])
    os.environ["KEYUAN_VAR"] = str(here if here.name == worker else here / worker)

from keyuan.project.settings import *  # noqa: F403 - settings are made to be taken whole

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405 - from the settings taken whole
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# In memory: a test of the whole database empties model tables only, and rate limits would stay.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405 - the same
    # A file, as in service: locks, WAL and several processes behave otherwise in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}  # noqa: F405 - the same
# whitenoise warns of a missing folder, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - the same
