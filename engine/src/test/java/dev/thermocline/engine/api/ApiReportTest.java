package dev.thermocline.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the stable surface to the report of it that is committed. */
class ApiReportTest {
  private static final String ACCEPT = "thermocline.api.accept";
  private static final Path REPORT = Path.of("src/test/resources/api/report.txt");

  @Test
  void theSurfaceIsTheCommittedOne() throws Exception {
    String now = ApiReport.of(surface());
    if (Boolean.getBoolean(ACCEPT)) {
      Files.writeString(REPORT, now);
    }
    assertEquals(
        Files.readString(REPORT),
        now,
        "the stable API has changed. If that is meant, see docs/embedding.md for what it does to"
            + " the version, and accept it: mvn -pl engine -am test -Dtest=ApiReportTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -D"
            + ACCEPT
            + "=true");
  }

  @Test
  void theReportNoticesChanges() {
    String report = ApiReport.of(List.of(Sample.class));
    assertEquals(
        """
        public static class dev.thermocline.engine.api.ApiReportTest$Sample<T extends java.lang.Number>\s
          protected T value()
          public <R extends java.lang.Record> java.util.List<? super T> all(R, int[]) throws java.io.IOException
          public new(java.lang.String)
          public static final int MOST
        # named by these
        """,
        report);
  }

  /** Something to report. */
  public static class Sample<T extends Number> {
    public static final int MOST = 3;

    private final List<T> values = new ArrayList<>();

    public Sample(String name) {
      assertTrue(!name.isEmpty());
    }

    protected T value() {
      return values.getFirst();
    }

    public <R extends Record> List<? super T> all(R first, int[] others) throws IOException {
      if (others.length > MOST) {
        throw new IOException(first.toString());
      }
      return values;
    }

    int hidden() {
      return MOST;
    }
  }

  /** All public types of the package, from the folder that they were compiled to. */
  private static List<Class<?>> surface() throws IOException, URISyntaxException {
    String name = LocalModel.class.getPackageName();
    Path folder =
        Path.of(LocalModel.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(name.replace('.', '/'));
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String simple = file.getFileName().toString().replaceFirst("\\.class$", "");
        if (!simple.equals("package-info")) {
          add(types, name + "." + simple);
        }
      }
    }
    return types;
  }

  private static void add(List<Class<?>> types, String name) {
    try {
      Class<?> type = Class.forName(name, false, ApiReportTest.class.getClassLoader());
      boolean open = true;
      for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
        open &= Modifier.isPublic(outer.getModifiers()) && !outer.isAnonymousClass();
      }
      if (open) {
        types.add(type);
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
