"""A picture of growth: one line for each name, both axes by powers of ten."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_COLOURS = ("#134e4a", "#b45309", "#6d28d9", "#be123c", "#1d4ed8", "#4d7c0f")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _FOOT = 640, 400, 60, 130, 350


def lines(points: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    """Draw the points of each name as an SVG with a white ground, its title first."""
    xs = [x for line in points.values() for x, _ in line]
    ys = [y for line in points.values() for _, y in line]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))

    def place(x: float, y: float) -> tuple[float, float]:
        share = math.log10(x / min(xs)) / math.log10(max(xs) / min(xs))
        height = (math.log10(y) - low) / (high - low)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT), _FOOT - height * (_FOOT - 30)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="13">',
        f"<title>{escape(up)} by {escape(across)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        _, y = place(xs[0], 10.0**power)
        parts += [
            f'<path d="M{_LEFT} {y:.0f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>',
            f'<text x="{_LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g}</text>',
        ]
    for x in sorted(set(xs)):
        parts.append(f'<text x="{place(x, ys[0])[0]:.0f}" y="{_FOOT + 20}" text-anchor="middle">{x:,.0f}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{escape(across)}</text><text x="6" y="18">{escape(up)}</text>')
    labels: set[tuple[float, float]] = set()
    for colour, (name, line) in zip(_COLOURS, sorted(points.items(), key=lambda one: -one[1][-1][1]), strict=False):
        drawn = [place(*point) for point in line]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn)
        x, y = drawn[-1]
        while any(x == other and abs(y - taken) < 14 for other, taken in labels):
            y += 14
        labels.add((x, y))
        parts += [
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{escape(name)}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
