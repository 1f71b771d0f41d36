#!/bin/sh
# Compiles src/main/cuda/*.cu to the PTX that ships in the jar, or into the folder given. Needs nvcc 12 or newer.
# The header of the text is set to PTX 7.0: nvcc writes the version of its own toolkit, which older drivers refuse,
# though the kernels use nothing newer. The generator's comments go, since they name the toolkit's build.
set -eu
module=$(cd "$(dirname "$0")" && pwd)
target=${1:-$module/src/main/resources/dev/thermocline/kernels/cuda}
mkdir -p "$target"
for source in "$module"/src/main/cuda/*.cu; do
  family=$(basename "$source" .cu)
  nvcc -std=c++17 -arch=compute_75 -fmad=false -ptx -o "$target/$family.raw" "$source"
  sed -e 's/^\.version .*/.version 7.0/' -e '/^\/\//d' "$target/$family.raw" > "$target/$family.ptx"
  rm "$target/$family.raw"
done
