"""Organizations: whoever owns photographs."""
