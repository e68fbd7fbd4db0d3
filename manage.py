"""Django's command line for Keyuan; `python3 run.py manage …` calls it inside the project's environment."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keyuan.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
