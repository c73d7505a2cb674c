"""Who there is, as rows and hashes: people, organizations, roles, sign-ins, keys."""
