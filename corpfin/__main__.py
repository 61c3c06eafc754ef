"""``python -m corpfin``."""

from corpfin.cli import main

if __name__ == "__main__":
    main()
