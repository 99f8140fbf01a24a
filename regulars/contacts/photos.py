"""Photos of people: checked by content, made small, stripped of what the camera wrote about the place."""

import io
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
SIDE = 512


def prepare_photo(upload: Any) -> ContentFile[bytes]:
    """Return the photo as WebP of at most 512 pixels a side, upright and without metadata.

    `upload` is an uploaded file or anything with `read()` and `size`. Raises ValidationError with one sentence when it
    is too big or no image, whatever its name says.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(_("This photo is larger than 10 MB. Choose a smaller one."))
    return shrink(upload.read())


def shrink(data: bytes) -> ContentFile[bytes]:
    """Return the bytes of an image as a small WebP. Raises ValidationError when they are no image."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # not in every process: it takes 5 MB

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("This photo has more than 50 million pixels. Choose a smaller one."))
            image.draft("RGB", (SIDE * 2, SIDE * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((SIDE, SIDE))
            plain = upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
            out = io.BytesIO()
            plain.save(out, "WEBP", quality=82, exif=b"", icc_profile=None)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This file is not an image that we can read. Choose a JPEG, PNG or WebP.")) from error
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(12)}.webp")
