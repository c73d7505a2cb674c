"""The audit log: who did what, on which thing, from where, when; written once and never changed."""
