"""The production file, its schema and versions, and the build.

A production is one TOML file: the photographs, how each is restored, and the film. The names of
`__init__.pyi` load on first use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
