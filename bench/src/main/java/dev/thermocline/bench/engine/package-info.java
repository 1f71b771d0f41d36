/** Benchmarks of whole tokens. */
@NullMarked
package dev.thermocline.bench.engine;

import org.jspecify.annotations.NullMarked;
