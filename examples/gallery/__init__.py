"""The gallery: what photochrom does to pictures whose truth is known, to look at.

    python -m examples.gallery [FIGURE ...]

Writes `docs/gallery.md` and the pictures it shows. The photographs ship inside Matplotlib and
scikit-image (`pip install photochrom[demo]`). Captions are written from what was done and measured.
"""
