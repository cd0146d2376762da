"""The script `hallmark`: the command line that the module carries."""

import sys

from ._native import command


def main() -> int:
    return command(["hallmark", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
