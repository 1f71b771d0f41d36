package dev.thermocline.engine.api;

import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.schema.JsonReader;

/**
 * A Java record as JSON: its schema, and its values from answers.
 *
 * <pre>{@code
 * enum Course { STARTER, MAIN, DESSERT }
 * record Ingredient(String name, Optional<String> amount) {}
 * record Recipe(String title, Course course, @Property(minimum = 1) int people, List<Ingredient> ingredients) {}
 *
 * RecordFormat<Recipe> format = RecordFormat.of(Recipe.class);
 * Answer answer = model.chat(messages, options.withFormat(format.format())).answer();
 * Recipe recipe = format.parse(answer);
 * }</pre>
 *
 * <p>Components may be records (of their own kind too, behind a list or an {@code Optional}),
 * strings, enums, {@code boolean}, whole and floating-point numbers and their boxes, lists, maps
 * from strings, and {@code Optional} of all these; {@link Property} says more about them. All but
 * optional ones are required. A record of a named module must be in a package that is open to
 * {@code dev.thermocline.engine}. Immutable, safe for use by several threads.
 *
 * @param <R> the record
 * @since 0.1
 */
public final class RecordFormat<R extends Record> {
  private final Class<R> type;
  private final RecordType root;
  private final String schema;

  private RecordFormat(Class<R> type, RecordType root, String schema) {
    this.type = type;
    this.root = root;
    this.schema = schema;
  }

  /**
   * Looks at a record.
   *
   * @throws IllegalArgumentException naming a component whose type cannot be written as JSON, or a
   *     record that is not accessible
   */
  public static <R extends Record> RecordFormat<R> of(Class<R> type) {
    JsonTypes types = new JsonTypes();
    RecordType root = types.record(type);
    return new RecordFormat<>(type, root, types.schema(root).write());
  }

  /** JSON Schema, draft 2020-12. */
  public String schema() {
    return schema;
  }

  /** Holds answers to the record. */
  public AnswerFormat format() {
    return new AnswerFormat.JsonSchema(schema);
  }

  /** What a model should be told so that its answer is not only valid but sensible. */
  public String instructions() {
    return "Answer with JSON that follows this schema: " + schema;
  }

  /**
   * The record of an answer.
   *
   * @throws IncompleteAnswerException if the answer was cut off
   * @throws IllegalArgumentException if it is not of this format, or the record's own constructor
   *     refuses the values
   */
  public R parse(Answer answer) {
    if (answer.finish() != FinishReason.STOP) {
      throw new IncompleteAnswerException(answer);
    }
    return parse(answer.text());
  }

  /**
   * The record of a JSON text.
   *
   * @throws IllegalArgumentException if it is not of this format, or the record's own constructor
   *     refuses the values
   */
  public R parse(String json) {
    try {
      return type.cast(
          root.read(type.getSimpleName(), JsonReader.read(type.getSimpleName(), json)));
    } catch (ConstraintException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
