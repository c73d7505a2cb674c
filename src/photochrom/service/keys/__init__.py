"""API keys: told once, kept as digests, never worth more than whoever made them."""
