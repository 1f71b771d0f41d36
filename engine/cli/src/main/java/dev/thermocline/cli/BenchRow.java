package dev.thermocline.cli;

import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.run.Benchmark;

/**
 * One line of a benchmark's report.
 *
 * @param options of its engine
 * @param result what was measured
 */
record BenchRow(EngineOptions options, Benchmark result) {}
