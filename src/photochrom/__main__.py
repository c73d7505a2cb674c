"""`python -m photochrom` is the command `photochrom`."""

from photochrom.cli import main

main()
