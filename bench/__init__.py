"""photochrom, its baselines and its peers, measured side by side: `python -m bench`.

A bench is a package in this folder with a `BENCH` (see `bench.harness.Bench`). Benches do not know
of one another; what more than one of them wants lies beside them, in modules of this folder.
"""
