"""What the commands of ``cli.py`` do; each module is loaded when its command runs."""
