"""python -m twins FOLDER: the long run of random networks."""

import sys

from twins.shards import main

if __name__ == "__main__":
    sys.exit(main())
