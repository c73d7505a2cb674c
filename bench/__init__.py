"""photochrom, its baselines and its peers, measured side by side: `python -m bench`.

A bench is a package in this folder with four public names:

- `TITLE`: heading of its section of `docs/benchmarks.md`.
- `NETWORKS`: names of the embedded networks that it measures; their digests are saved.
- `run(count, progress) -> dict`: measures, on at most `count` pictures of each kind (None: all),
  and returns plain JSON values. `progress(what, done)` is told what is being done and the share
  done, 0..1.
- `section(results) -> str`: the Markdown below the heading, made from the results of `run` and of
  nothing else, so that the page can be written again without measuring.
- `plots(results, folder)`, if the section shows any: draws them as `folder/NAME-*.png`; the page
  finds them as `pictures/bench/NAME-*.png`.
"""
