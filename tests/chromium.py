"""Where this machine's Chromium is."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")


def found() -> str | None:
    """The path of a Chromium on PATH or in KEYUAN_CHROMIUM; None when there is none."""
    return os.environ.get("KEYUAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def found_or_installed() -> str | None:
    """The path of Chromium, installed from Debian when this is root on Debian."""
    if found() is None and shutil.which("apt-get") and os.geteuid() == 0:
        surroundings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
            subprocess.run(command, check=False, env=surroundings)
    return found()
