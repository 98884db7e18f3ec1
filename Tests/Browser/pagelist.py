"""The list of all pages, for what holds them and for what times them."""

import pathlib

LIST = pathlib.Path(__file__).with_name("pages.txt")


def listed():
    """Of each page its service, its path with names for what varies, and its script."""
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return [tuple(line) for line in lines]


def fits(route, path):
    pattern, parts = route.split("/"), path.split("/")
    return len(pattern) == len(parts) and all(a.startswith(":") or a == b for a, b in zip(pattern, parts))


def page_of(path, routes):
    """The page that answers a path: the one with the fewest parts that vary, as the router has it."""
    return min((route for route in routes if fits(route, path)), key=lambda route: route.count(":"), default=None)
