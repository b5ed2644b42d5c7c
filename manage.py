#!/usr/bin/env python3
"""Django's command line: `python manage.py help`."""

import os
import secrets
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncplay_backend.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        sys.exit(f"{missing}.\nInstall the requirements: pip install -r requirements.txt")
    if sys.argv[1:2] == ["test"] and not Path(__file__).with_name(".env").exists():
        os.environ.setdefault("DEBUG", "True")
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
