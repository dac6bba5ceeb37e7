"""`python -m ascentcheck` is the command `ascentcheck`."""

from ascentcheck.command import main

if __name__ == "__main__":
    main()
