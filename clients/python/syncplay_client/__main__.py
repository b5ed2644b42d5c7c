import sys

from syncplay_client.cli import main

sys.exit(main())
