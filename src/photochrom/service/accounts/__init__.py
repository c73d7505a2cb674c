"""Signing in and out; members and what they belong to."""
