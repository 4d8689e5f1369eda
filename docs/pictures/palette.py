"""Pictures with as few colours as a PNG's palette holds, which makes them half as large and looks the same."""

from collections import Counter
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage

_COLOURS = 256


def save(picture: QImage, path: Path) -> None:
    """Saves a picture in the colours that most of its pixels have; the others take the nearest of them."""
    whole = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(whole.constBits().asstring(whole.sizeInBytes())).cast("I")
    colours = [colour for colour, _ in Counter(pixels).most_common(_COLOURS)]
    few = whole.convertToFormat(QImage.Format.Format_Indexed8, colours, Qt.ImageConversionFlag.ThresholdDither)
    few.save(str(path), "PNG", 0)  # 0: as small as can be


def shrink(path: Path) -> None:
    """Saves a picture anew."""
    save(QImage(str(path)), path)
