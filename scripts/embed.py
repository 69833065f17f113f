#!/usr/bin/env python3
"""Writes files into a C array of struct embedded (src/base/embed.h).

    embed.py OUT.c SYMBOL ROOT FILE...

SYMBOL is the array's name; each FILE is named by its path below the folder ROOT. The files come in the given order;
the entry behind the last one has a NULL name. A header declares it: extern const struct embedded SYMBOL[];
"""
import os
import sys


def byte_rows(data):
    for start in range(0, len(data), 24):
        yield ",".join(str(byte) for byte in data[start:start + 24]) + ","


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    out, symbol, root = sys.argv[1:4]
    lines = ['#include "base/embed.h"', ""]
    entries = []
    for index, path in enumerate(sys.argv[4:]):
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, root).replace(os.sep, "/")
        lines.append(f"static const unsigned char file_{index}[] = {{")
        lines.extend(byte_rows(data + b"\0"))
        lines.append("};")
        entries.append(f'    {{STR_INIT("{name}"), {{(const char *)file_{index}, {len(data)}}}}},')
    lines += ["", f"extern const struct embedded {symbol}[];", f"const struct embedded {symbol}[] = {{"]
    lines += entries + ["    {{0, 0}, {0, 0}},", "};", ""]
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(lines))


main()
