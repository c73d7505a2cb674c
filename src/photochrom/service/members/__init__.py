"""Members of organizations, and who is invited to become one."""
