"""Calling other people's machines when something happens, as Standard Webhooks has it: signed,
tried again, and never inside the network."""
