"""Documented colors: whether a plate allows them."""

from photochrom.colors.allowed import Finding, Seen, judge, likely_emulsions

__all__ = ["Finding", "Seen", "judge", "likely_emulsions"]
