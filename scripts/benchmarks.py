"""Runs the benchmarks, scripts/bench_NAME.py, and prints one table."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

NAMES: Final = tuple(sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")))


def main(chosen: Sequence[str]) -> int:
    """Run the benchmarks with these names, or all."""
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        print(f"bench: there is no {unknown[0]}; choose from {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in chosen or NAMES:
        module = importlib.import_module(f"scripts.bench_{name}")
        print(f"{name}: {(module.__doc__ or '').strip()}")
        print("\n".join(lines(module)), end="\n\n")
    return 0


def lines(module: ModuleType) -> Iterable[str]:
    """The table of one benchmark: a name, then a column for every figure its rows have."""
    rows = module.rows()
    columns = figures(rows[0])
    yield f"  {'':<{width(rows)}}" + "".join(f"{column.replace('_', ' '):>15}" for column in columns)
    for row in rows:
        yield f"  {row.name:<{width(rows)}}" + "".join(f"{shown(getattr(row, column)):>15}" for column in columns)


def figures(row: object) -> list[str]:
    """The fields and properties of a row that hold a number, in the order they are written."""
    names = [
        *getattr(row, "__dataclass_fields__", {}),
        *(n for n, v in vars(type(row)).items() if isinstance(v, property)),
    ]
    return [name for name in names if isinstance(getattr(row, name), int | float)]


def shown(figure: float) -> str:
    """A number with as many digits as mean something; a dash where there is none."""
    if math.isnan(figure):
        return "-"
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.2f}"


def width(rows: Iterable[object]) -> int:
    """Of the first column."""
    return max(len(str(getattr(row, "name", ""))) for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
