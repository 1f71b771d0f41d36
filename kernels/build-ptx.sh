#!/bin/sh
# Compiles the .cu files to the PTX that ships in the jar, and the test's to the test's resources; or both into the
# folder given. Needs nvcc 12 or newer.
# The header of the text is set to PTX 7.0: nvcc writes the version of its own toolkit, which older drivers refuse,
# though the kernels use nothing newer. The generator's comments go, since they name the toolkit's build, and so does
# the hash of the source's path in internal names.
set -eu
module=$(cd "$(dirname "$0")" && pwd)
package=resources/dev/thermocline/kernels/cuda

compile() {
  mkdir -p "$2"
  for source in "$1"/*.cu; do
    family=$(basename "$source" .cu)
    echo "$family" "$source" "$2"
  done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -L 1 sh -euc '
    nvcc -std=c++17 -arch=compute_75 -fmad=false -I "$0/src/main/cuda" -ptx -o "$3/$1.raw" "$2"
    sed -e "s/^\.version .*/.version 7.0/" -e "/^\/\//d" -e "s/_INTERNAL_[0-9a-f]\{8\}_/_INTERNAL_00000000_/g" \
      "$3/$1.raw" > "$3/$1.ptx"
    rm "$3/$1.raw"' "$module"
}

compile "$module/src/main/cuda" "${1:-$module/src/main/$package}"
compile "$module/src/test/cuda" "${1:-$module/src/test/$package}"
