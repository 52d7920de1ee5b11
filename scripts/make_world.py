"""Writes data/world/countries.json from Natural Earth's countries, made simpler; nothing is fetched.

``python scripts/make_world.py FOLDER`` reads ``countries-50m.json`` of the npm package world-atlas 2.0.2 (TopoJSON
with ISO 3166 numbers) and data/world/countries.txt (their letters). Borders stay shared: whole arcs are thinned, not
the countries they belong to.
"""

import heapq
import json
import math
import sys
from pathlib import Path
from typing import Any

WORLD = Path(__file__).resolve().parent.parent / "data" / "world"
GRID = 0.02  # degrees between two places of the map
CORNER = 0.01  # square degrees a corner must span to stay
ISLAND = 0.08  # square degrees an island must have, unless it is the largest of its country
UNNUMBERED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
LEFT_OUT = {"Antarctica", "Ashmore and Cartier Is.", "Indian Ocean Ter.", "Siachen Glacier"}
Point = tuple[float, float]


def table() -> list[list[str]]:
    """Return letters, number, name, latitude and longitude (blank where a shape is large enough) of each country."""
    return [line.split("\t") for line in (WORLD / "countries.txt").read_text().splitlines() if line[:1] != "#"]


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of a quantized topology in degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    made = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        made.append(points)
    return made


def area(points: list[Point]) -> float:
    """Return the area of a ring in square degrees at the equator."""
    middle = sum(y for _, y in points) / len(points)
    ring = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in ring)) / 2 * math.cos(math.radians(middle))


def thinned(points: list[Point]) -> list[Point]:
    """Return an arc without its flattest corners (Visvalingam and Whyatt 1993); its ends stay."""
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))

    def corner(i: int) -> float:
        return area([points[before[i]], points[i], points[after[i]]])

    fewest = 4 if points[0] == points[-1] else 2  # a ring of its own keeps a triangle
    left, gone = len(points), [False] * len(points)
    heap = [(corner(i), i) for i in range(1, len(points) - 1)]
    heapq.heapify(heap)
    current = {i: size for size, i in heap}
    while heap and left > fewest:
        size, i = heapq.heappop(heap)
        if gone[i] or current[i] != size:
            continue
        if size > CORNER:
            break
        gone[i], left = True, left - 1
        after[before[i]], before[after[i]] = after[i], before[i]
        for near in (before[i], after[i]):
            if 0 < near < len(points) - 1:
                current[near] = max(size, corner(near))
                heapq.heappush(heap, (current[near], near))
    return [point for point, out in zip(points, gone, strict=True) if not out]


def rings(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a country, each as rings of arc numbers."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def outline(ring: list[int], known: list[list[Point]]) -> list[Point]:
    """Return the points of a ring; a negative number is an arc walked backwards."""
    points: list[Point] = []
    for number in ring:
        points += (known[number] if number >= 0 else known[~number][::-1])[:-1]
    return points


def country(geometry: dict[str, Any], known: list[list[Point]], ids: dict[str, str]) -> dict[str, Any] | None:
    """Return a country with its letters and the islands large enough to see; ``None`` for what is not drawn."""
    name = geometry["properties"]["name"]
    if name in LEFT_OUT:
        return None
    polygons = sorted(rings(geometry), key=lambda polygon: -area(outline(polygon[0], known)))
    kept = [polygon for i, polygon in enumerate(polygons) if i == 0 or area(outline(polygon[0], known)) >= ISLAND]
    return {"type": "MultiPolygon", "id": UNNUMBERED.get(name) or ids[geometry["id"]], "arcs": kept}


def quantized(points: list[Point]) -> list[list[int]]:
    """Return an arc as steps on the grid, those of no length left out but for two."""
    places = [(round((x + 180) / GRID), round((y + 90) / GRID)) for x, y in points]
    places = [place for i, place in enumerate(places) if i == 0 or place != places[i - 1]] or places[:1]
    if len(places) == 1:
        places *= 2
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in zip([(0, 0), *places], places, strict=False)]
    return [list(step) for step in steps]


def marks(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is coloured of each country: its shape, or a place where that is too small to see or missing."""
    shapes: dict[str, list[Any]] = {}
    for one in shown:
        shapes.setdefault(one["id"], []).extend(one["arcs"])
    made = []
    for letters, _, _, north, east in table():
        if north:
            place = [round((float(east) + 180) / GRID), round((float(north) + 90) / GRID)]
            made.append({"type": "Point", "id": letters, "coordinates": place})
        else:
            made.append({"type": "MultiPolygon", "id": letters, "arcs": shapes[letters]})
    return made


def collection(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return geometries as one object of a topology."""
    return {"type": "GeometryCollection", "geometries": geometries}


def main(folder: Path) -> None:
    """Write the map."""
    topology = json.loads((folder / "countries-50m.json").read_text())
    known, ids = arcs(topology), {number: letters for letters, number, *_ in table()}
    drawn = [country(geometry, known, ids) for geometry in topology["objects"]["countries"]["geometries"]]
    shown = sorted((one for one in drawn if one), key=lambda one: one["id"])
    used = sorted({n if n >= 0 else ~n for one in shown for polygon in one["arcs"] for ring in polygon for n in ring})
    place = {number: i for i, number in enumerate(used)}
    for one in shown:
        one["arcs"] = [
            [[place[n] if n >= 0 else ~place[~n] for n in ring] for ring in polygon] for polygon in one["arcs"]
        ]
    made = {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [-180, -90]},
        "objects": {"countries": collection(shown), "marks": collection(marks(shown))},
        "arcs": [quantized(thinned(known[number])) for number in used],
    }
    (WORLD / "countries.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
