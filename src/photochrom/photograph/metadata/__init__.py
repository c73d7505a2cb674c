"""What people wrote into a file: read, kept, extended, written.

What was read (`Blocks`: an EXIF block, an IPTC-IIM record, an XMP packet) becomes what a derivative
says (`Embedding`): all of it but what speaks of the pixels, which is made anew, and with what
was done and what is known added. Each kind of file has one function that writes it.
"""

from photochrom.photograph.metadata.blocks import Blocks
from photochrom.photograph.metadata.iim import iptc_of_photoshop
from photochrom.photograph.metadata.texts import Written, clean_text, gather

__all__ = ["Blocks", "Written", "clean_text", "gather", "iptc_of_photoshop"]
