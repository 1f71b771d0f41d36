package dev.thermocline.cli;

import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.Constraints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Flags that say what the text must look like; at most one of them. */
final class ConstraintFlags {
  @ArgGroup private @Nullable Form form;

  /** One form. */
  static final class Form {
    @Option(
        names = {"-j", "--json-schema"},
        paramLabel = "SCHEMA",
        description = "Writes JSON that is valid by this schema: a file, or the schema itself.")
    private @Nullable String schema;

    @Option(names = "--json-object", description = "Writes a JSON object.")
    private boolean json;

    @Option(
        names = "--grammar",
        paramLabel = "GBNF",
        description = "Writes what this GBNF grammar allows: a file, or the grammar itself.")
    private @Nullable String grammar;

    @Option(names = "--grammar-file", paramLabel = "FILE", description = "As --grammar, a file.")
    private @Nullable Path grammarFile;

    @Option(
        names = "--regex",
        paramLabel = "PATTERN",
        description = "Writes what this regular expression matches, from end to end.")
    private @Nullable String regex;
  }

  /**
   * What the flags ask for, null for nothing.
   *
   * @param constraints of the model, asked for only where a flag is there
   * @throws dev.thermocline.engine.constrain.ConstraintException naming what cannot be enforced
   */
  @Nullable Constraint constraint(Supplier<Constraints> constraints) throws IOException {
    Form chosen = form;
    if (chosen == null) {
      return null;
    }
    if (chosen.schema != null) {
      return constraints.get().jsonSchema(text(chosen.schema, isJson(chosen.schema)));
    }
    if (chosen.grammar != null) {
      return constraints.get().gbnf(text(chosen.grammar, chosen.grammar.contains("::=")));
    }
    if (chosen.grammarFile != null) {
      return constraints.get().gbnf(Files.readString(chosen.grammarFile));
    }
    if (chosen.regex != null) {
      return constraints.get().regex(chosen.regex);
    }
    return chosen.json ? constraints.get().jsonObject() : null;
  }

  private static boolean isJson(String schema) {
    String text = schema.strip();
    return text.startsWith("{") || text.equals("true") || text.equals("false");
  }

  private static String text(String given, boolean itself) throws IOException {
    return itself ? given : Files.readString(Path.of(given));
  }
}
