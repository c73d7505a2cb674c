"""Retention: what is forgotten, how often, and by whom.

A domain that keeps something for a time only has a `Sweep`, which is named in `SWEEPS` of
`sweeping.all`. One of the executors does all of them, once an hour; what is about folders of a
machine, one of each data folder.
"""
