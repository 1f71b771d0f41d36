package dev.thermocline.server.openai;

import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.Constraints;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.http.Json;
import dev.thermocline.server.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an answer must look like: {@code response_format}, or a {@code grammar} (GBNF) or {@code
 * regex} as local engines have them.
 */
final class ConstraintReader {
  private ConstraintReader() {}

  /** A constraint that is not compiled yet, and the parameter it came from. */
  private record Source(String param, Compiler compiler) {}

  /** Compiles for one vocabulary. */
  @FunctionalInterface
  interface Compiler {
    Constraint compile(Constraints constraints);
  }

  /** The constraint of a request; null for none. */
  static @Nullable Constraint read(Parameters parameters, ServedModel model) {
    List<Source> sources = new ArrayList<>();
    format(parameters).ifPresent(sources::add);
    parameters.string("grammar").ifPresent(g -> sources.add(new Source("grammar", c -> c.gbnf(g))));
    parameters.string("regex").ifPresent(r -> sources.add(new Source("regex", c -> c.regex(r))));
    if (sources.size() > 1) {
      String param = sources.getLast().param();
      throw ApiException.invalid(
          param, param + ": expected one constraint, got " + sources.getFirst().param() + " too");
    }
    return sources.isEmpty()
        ? null
        : compile(sources.getFirst().param(), model, sources.getFirst().compiler());
  }

  /** The schema of a JSON answer; empty where another form or none is asked for. */
  static Optional<String> jsonSchema(Parameters parameters) {
    return parameters
        .inner("response_format")
        .flatMap(format ->
            switch (format.string("type").orElse("")) {
              case "json_object" -> Optional.of(Constraints.ANY_OBJECT);
              case "json_schema" -> Optional.of(schemaText(format));
              default -> Optional.empty();
            });
  }

  private static Optional<Source> format(Parameters parameters) {
    Parameters format = parameters.inner("response_format").orElse(null);
    if (format == null) {
      return Optional.empty();
    }
    String type =
        format
            .choice("type", "text", "json_object", "json_schema")
            .orElseThrow(() -> format.wrong("type", "text, json_object or json_schema"));
    return switch (type) {
      case "json_object" -> Optional.of(new Source("response_format", Constraints::jsonObject));
      case "json_schema" -> Optional.of(schema(format));
      default -> Optional.empty();
    };
  }

  private static Source schema(Parameters format) {
    String text = schemaText(format);
    return new Source("response_format.json_schema.schema", c -> c.jsonSchema(text));
  }

  private static String schemaText(Parameters format) {
    Parameters wrapper =
        format
            .inner("json_schema")
            .orElseThrow(() -> format.wrong("json_schema", "an object with a schema"));
    JsonNode schema = wrapper.node("schema");
    if (schema == null || !schema.isObject() && !schema.isBoolean()) {
      throw wrapper.wrong("schema", "a JSON Schema");
    }
    return Json.text(schema);
  }

  /**
   * Compiles a constraint.
   *
   * @throws ApiException naming {@code param} if it cannot be enforced
   */
  static Constraint compile(String param, ServedModel model, Compiler compiler) {
    try {
      return compiler.compile(model.engine().constraints());
    } catch (ConstraintException e) {
      throw ApiException.invalid(param, param + ": " + e.getMessage());
    }
  }
}
