"""An image file as bytes of one size.

An image becomes RGB, its shorter side is resized to 8/7 of the size asked for (bilinear with antialiasing) and its centre
is cut out, as is usual for ImageNet: at 224, the centre of 256. The orientation and the colour profile that a file may
name are ignored, as there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ascentcheck.theory.console import UserError

if TYPE_CHECKING:
    from jaxtyping import UInt8

FORMATS = ("JPEG", "PNG")
"""ImageNet's files are JPEG, but for one PNG that is named so."""
LONGEST = 100
"""Times the shorter side: a longer image would grow beyond all bounds when its shorter side is resized."""


def decode(path: Path, size: int) -> UInt8[np.ndarray, "3 size size"]:
    """Return the image at `path`, [3, size, size].

    Raises ValueError, with the reason, where the file is no whole image, and UserError where it cannot be read.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=FORMATS) as image:
            if max(image.size) > LONGEST * min(image.size):
                raise ValueError(
                    f"its sides, {image.width} × {image.height}, differ by more than {LONGEST} times"
                )
            if image.mode.startswith(("I", "F")):  # converted, they would be cut off at 255
                raise ValueError(f"has pixels of type {image.mode}; 8 bits in each channel are needed")
            image.load()
            rgb = image.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError(f"has more than {Image.MAX_IMAGE_PIXELS:,} pixels") from None
    except UnidentifiedImageError:
        raise ValueError("is no JPEG and no PNG") from None
    except (OSError, SyntaxError, EOFError) as error:
        # The disk's trouble says nothing about the image.
        if isinstance(error, OSError) and error.errno is not None:
            raise UserError(f"{path}: cannot be read: {error.strerror}") from None
        raise ValueError(str(error).strip().rstrip(".") or type(error).__name__) from None
    short = size * 8 // 7
    width, height = (short * side // min(rgb.size) for side in rgb.size)
    left, top = round((width - size) / 2), round((height - size) / 2)
    rgb = rgb.resize((width, height), Image.Resampling.BILINEAR).crop((left, top, left + size, top + size))
    return np.asarray(rgb).transpose(2, 0, 1)
