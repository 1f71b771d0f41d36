package dev.thermocline.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.json.JsonMapper;

/** Every benchmark once, at small sizes: it runs, and what it measures is right. No speeds. */
class BenchmarksSmokeTest {
  private static final String HYBRID = "HybridDecodeBenchmark";

  @TempDir private Path folder;

  @BeforeAll
  static void allowSeveral() {
    // JMH refuses to run twice on a machine, for the sake of speeds.
    System.setProperty("jmh.ignoreLock", "true");
  }

  private static ChainedOptionsBuilder options() {
    return new OptionsBuilder()
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(1))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .param("shape", "70x96")
        .param("threads", "2")
        .param("residence", "cache")
        .param("density", "0.25")
        .param("n", "1", "8")
        .param("context", "33")
        .param("model", "tiny-reglu")
        .param("hotShare", "0.5");
  }

  @Test
  void cpuBenchmarksRun() throws RunnerException {
    Path json = folder.resolve("results.json");
    Collection<RunResult> results =
        new Runner(
                options()
                    .exclude(HYBRID)
                    .resultFormat(ResultFormatType.JSON)
                    .result(json.toString())
                    .build())
            .run();
    Set<String> expected = all();
    expected.removeIf(name -> name.contains(HYBRID));
    assertEquals(expected, names(results));
    for (RunResult result : results) {
      assertTrue(result.getPrimaryResult().getScore() > 0, result.getParams().id());
    }
    String table = new Roofline(threads -> 10).table(JsonMapper.shared().readTree(json));
    assertEquals(results.size() + 2, table.lines().count(), table);
    assertTrue(table.contains("| Gemv.multiply | format F32, residence cache, "), table);
    assertFalse(table.contains("NaN"), table);
  }

  @Test
  void hybridBenchmarkRuns() throws RunnerException {
    EmulatedCuda.load();
    Collection<RunResult> results = new Runner(options().include(HYBRID).build()).run();
    assertEquals(1, results.size());
  }

  private static Set<String> names(Collection<RunResult> results) {
    return results.stream()
        .map(result -> result.getParams().getBenchmark())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> all() {
    return BenchmarkList.defaultList()
        .getAll(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            java.util.List.of())
        .stream()
        .map(BenchmarkListEntry::getUsername)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
