/** Benchmarks of single operations on the CPU. */
@NullMarked
package dev.thermocline.bench.kernels;

import org.jspecify.annotations.NullMarked;
