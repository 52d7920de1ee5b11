"""``python -m worker``: run background jobs until told to stop."""

from worker.app import main

if __name__ == "__main__":
    main()
