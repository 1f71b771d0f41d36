package dev.thermocline.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thermocline.models.jinja.Template;
import dev.thermocline.models.jinja.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that Python's Jinja rendered, where the system property says where they lie. */
@EnabledIfSystemProperty(named = "thermocline.shared", matches = ".+")
class GoldenTemplatesTest {
  private static final Path TEMPLATES =
      Path.of(System.getProperty("thermocline.shared", ".")).resolve("golden/templates");

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(TEMPLATES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void rendersAsPythonDoes(String name) throws IOException {
    Map<String, Object> file = Json.read(TEMPLATES.resolve(name), true);
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (Object item : (List<?>) Objects.requireNonNull(file.get("cases"))) {
      check(file, (Map<?, ?>) item, wrong);
      count++;
    }
    System.out.printf("templates %-55s %d cases%n", name, count);
    assertEquals(List.of(), wrong);
  }

  @SuppressWarnings("unchecked")
  private static void check(Map<String, Object> file, Map<?, ?> test, List<String> wrong) {
    Map<String, @Nullable Object> own = new HashMap<>();
    Map<String, @Nullable Object> foreign = new HashMap<>();
    String source = (String) file.get("template");
    if (source == null) {
      source = (String) test.get("template");
      foreign.putAll((Map<String, Object>) test.get("context"));
    } else {
      own.put("bos_token", file.get("bos_token"));
      own.put("eos_token", file.get("eos_token"));
      own.putAll((Map<String, Object>) test.get("options"));
      foreign.put("messages", test.get("messages"));
      foreign.put("tools", test.get("tools"));
      foreign.put("documents", null);
    }
    String expected = expected(test);
    String found = render(source, own, foreign, LocalDateTime.parse((String) file.get("now")));
    if (!expected.equals("error: ") ? !found.equals(expected) : !found.startsWith(expected)) {
      wrong.add(test.get("id") + ": expected " + expected + ", got " + found);
    }
  }

  private static String expected(Map<?, ?> test) {
    if (test.get("error") instanceof Map<?, ?> error) {
      boolean raised = "raise_exception".equals(error.get("kind"));
      return "error: " + (raised ? error.get("message") : "");
    }
    return (String) test.get("expected");
  }

  private static String render(
      String source,
      Map<String, @Nullable Object> own,
      Map<String, @Nullable Object> foreign,
      LocalDateTime now) {
    try {
      return Template.compile(source).render(own, foreign, now).text();
    } catch (TemplateException e) {
      return "error: " + e.getMessage();
    }
  }
}
