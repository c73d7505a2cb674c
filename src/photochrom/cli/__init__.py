"""The command line: one file a command, no knowledge of its own."""

from photochrom.cli.app import main

__all__ = ["main"]
