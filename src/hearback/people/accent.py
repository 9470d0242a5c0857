"""A company sets one colour; whatever it is, text on it stays readable. OKLCH after Björn Ottosson (2020)."""

import math

from msgspec import Struct

Triple = tuple[float, float, float]


class Accent(Struct, frozen=True):
    """Hex colours: the accent itself, its pale wash, and what is written on the accent; light and dark."""

    light: str
    light_wash: str
    on_light: str
    dark: str
    dark_wash: str
    on_dark: str


def accent(colour: str) -> Accent:
    """Hue stays; lightness and chroma are clamped so that every pair keeps WCAG AA (4.5 to 1)."""
    lightness, chroma, hue = _oklch(colour)
    return Accent(
        light=_hex(min(lightness, 0.47), min(chroma, 0.17), hue),
        light_wash=_hex(0.955, min(chroma, 0.022), hue),
        on_light="#ffffff",
        dark=_hex(max(lightness, 0.79), min(chroma, 0.12), hue),
        dark_wash=_hex(0.275, min(chroma, 0.045), hue),
        on_dark="#14181c",
    )


def accent_css(colour: str) -> str:
    """The company's own stylesheet: three properties over those of hearback.css."""
    made = accent(colour)
    return (
        "@layer tokens{:root{"
        f"--accent:light-dark({made.light},{made.dark});"
        f"--accent-wash:light-dark({made.light_wash},{made.dark_wash});"
        f"--on-accent:light-dark({made.on_light},{made.on_dark})"
        "}}\n"
    )


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two hex colours, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Triple:
    def channel(at: int) -> float:
        value = int(colour[at : at + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return channel(1), channel(3), channel(5)


def _oklch(colour: str) -> Triple:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> Triple:
    """Linear sRGB; may lie outside 0 to 1 where the screen cannot show the colour."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Chroma gives way until the screen can show the colour; lightness carries the contrast and stays."""
    red_green_blue = _rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-1e-4 <= value <= 1 + 1e-4 for value in red_green_blue):
        chroma = max(0.0, chroma - 0.002)
        red_green_blue = _rgb(lightness, chroma, hue)
    return "#" + "".join(f"{_byte(value):02x}" for value in red_green_blue)


def _byte(linear: float) -> int:
    value = min(1.0, max(0.0, linear))
    shown = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(shown * 255)
