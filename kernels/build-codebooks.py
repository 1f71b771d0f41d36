#!/usr/bin/env python3
"""Packs the codebooks of the IQ formats, which are part of the GGUF specification, from the tables of the Python package
`gguf` (0.19 or newer, with numpy): build-codebooks.py [folder with the package]

An entry is a word of 16 bits: eight levels of two bits or four of three, from the lowest bits up. They go to one resource for
Java, codebook after codebook, and to a header each for CUDA.
"""
import os
import sys

sys.path[:0] = sys.argv[1:]
import gguf.quants as quants

CODEBOOKS = [
    # name, table, entries, levels
    ("iq2_xxs", quants.IQ2_XXS, 256, [8, 25, 43]),
    ("iq2_xs", quants.IQ2_XS, 512, [8, 25, 43]),
    ("iq2_s", quants.IQ2_S, 1024, [8, 25, 43]),
    ("iq3_xxs", quants.IQ3_XXS, 256, [4, 12, 20, 28, 36, 44, 52, 62]),
    ("iq3_s", quants.IQ3_S, 512, [1, 3, 5, 7, 9, 11, 13, 15]),
    ("iq1", quants.IQ1_S, 2048, [-1, 0, 1]),
]
module = os.path.dirname(os.path.abspath(__file__))


def words(table, entries, levels):
    table.init_grid()
    grid = table.grid.reshape(entries, -1)
    bits = 16 // grid.shape[1] if grid.shape[1] == 8 else 3
    return [sum(levels.index(int(v)) << bits * k for k, v in enumerate(row)) for row in grid]


packed = b""
for name, table, entries, levels in CODEBOOKS:
    codes = words(table, entries, levels)
    packed += b"".join(code.to_bytes(2, "little") for code in codes)
    lines = [", ".join(f"0x{code:04x}" for code in codes[i : i + 12]) for i in range(0, entries, 12)]
    with open(f"{module}/src/main/cuda/codebook_{name}.cuh", "w") as out:
        out.write(
            f"// Written by build-codebooks.py.\n#pragma once\n#include \"common.cuh\"\n\n"
            f"static __device__ const u16 codebook_{name}[{entries}] = {{\n  "
            + ",\n  ".join(lines)
            + "};\n"
        )
folder = f"{module}/src/main/resources/dev/thermocline/kernels/format"
os.makedirs(folder, exist_ok=True)
with open(f"{folder}/codebooks.bin", "wb") as out:
    out.write(packed)
