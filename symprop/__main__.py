"""`python -m symprop`: the command line."""

import sys

from symprop.cli import main

sys.exit(main())
