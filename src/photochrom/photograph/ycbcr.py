"""YCbCr samples that are not inside a JPEG: taken out of their blocks and made RGB.

Source: TIFF revision 6.0, section 21.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.photograph.develop import strip_height

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class YCbCr:
    """How a file writes color as light and two differences.

    Attributes:
        across: Columns of light for one of color.
        down: Rows of light for one of color.
        luma: What red, green and blue weigh in the light.
        reference: Black and white of each of the three, as ReferenceBlackWhite has them.
    """

    across: int = 2
    down: int = 2
    luma: tuple[float, float, float] = (0.299, 0.587, 0.114)
    reference: tuple[float, ...] = (0, 255, 128, 255, 128, 255)

    def size(self, height: int, width: int) -> int:
        """Bytes that a strip or tile takes."""
        blocks = -(-height // self.down) * -(-width // self.across)
        return blocks * (self.across * self.down + 2)

    def unpacked(self, data: bytes, height: int, width: int) -> Bytes:
        """The samples of a strip or tile, from blocks of light followed by one Cb and one Cr.

        Returns:
            (height, width, 3) Y, Cb, Cr; differences repeated for each pixel of their block.

        Raises:
            ValueError: There are fewer bytes than that.
        """
        rows, columns = -(-height // self.down), -(-width // self.across)
        lights = self.across * self.down
        blocks = np.frombuffer(data, np.uint8, self.size(height, width))
        blocks = blocks.reshape(rows, columns, lights + 2)
        samples = np.empty((rows * self.down, columns * self.across, 3), np.uint8)
        light = blocks[..., :lights].reshape(rows, columns, self.down, self.across)
        samples[..., 0] = light.swapaxes(1, 2).reshape(samples.shape[:2])
        for channel in (1, 2):
            color = blocks[..., lights + channel - 1]
            samples[..., channel] = color.repeat(self.down, 0).repeat(self.across, 1)
        return samples[:height, :width]

    def rgb(self, samples: Bytes) -> Bytes:
        """Turn (h, w, 3) Y, Cb, Cr into RGB."""
        pixels = np.empty_like(samples)
        step = strip_height(samples)
        for top in range(0, len(samples), step):
            pixels[top : top + step] = self._rgb(samples[top : top + step])
        return pixels

    def _rgb(self, samples: Bytes) -> Bytes:
        red, green, blue = self.luma
        y, cb, cr = (self._decoded(samples, channel) for channel in range(3))
        r = y + cr * np.float32(2 - 2 * red)
        b = y + cb * np.float32(2 - 2 * blue)
        g = (y - np.float32(red) * r - np.float32(blue) * b) / np.float32(green)
        rgb = np.stack([r, g, b], axis=-1)
        rounded: Bytes = np.rint(np.clip(rgb, 0, 255, out=rgb)).astype(np.uint8)
        return rounded

    def _decoded(self, samples: Bytes, channel: int) -> NDArray[np.float32]:
        black, white = self.reference[2 * channel : 2 * channel + 2]
        full = 127 if channel else 255
        table = (np.arange(256) - black) * (full / ((white - black) or full))
        decoded: NDArray[np.float32] = table.astype(np.float32)[samples[..., channel]]
        return decoded
