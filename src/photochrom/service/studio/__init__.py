"""The studio's pages: what browsers show of the service."""
