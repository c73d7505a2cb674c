"""Signing in at somebody else's: OpenID Connect."""
