package dev.thermocline.models.jinja;

import dev.thermocline.models.tokenizer.PromptText;
import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A compiled Jinja template, rendered as Hugging Face transformers renders chat templates: blocks
 * trimmed, sandboxed, immutable values, {@code tojson} as Python's {@code json.dumps}, the
 * functions {@code raise_exception} and {@code strftime_now}, loop controls and {@code generation}
 * tags. Rendering is bounded in steps, depth and size. Immutable, safe for use by several threads.
 */
public final class Template {
  /** Longest source that is compiled. */
  private static final int MAX_SOURCE = 1 << 22;

  private final List<Statement> body;

  private Template(List<Statement> body) {
    this.body = body;
  }

  /**
   * Compiles a template.
   *
   * @throws TemplateException with its line if it does not parse
   */
  public static Template compile(String source) {
    if (source.length() > MAX_SOURCE) {
      throw TemplateException.limit(
          "expected a template of at most " + MAX_SOURCE + " characters, got " + source.length());
    }
    return new Template(TemplateParser.parse(source));
  }

  /**
   * Renders the template.
   *
   * @param own variables of the caller's own, such as the text of control tokens
   * @param foreign variables from outside, such as messages: strings in them stay marked as foreign
   *     in the result, but for the names of roles
   * @param now what {@code strftime_now} takes for the local time
   * @throws TemplateException if it refuses, fails or exceeds its bounds
   */
  public PromptText render(
      Map<String, ? extends @Nullable Object> own,
      Map<String, ? extends @Nullable Object> foreign,
      LocalDateTime now) {
    Frame frame = Frame.root(now);
    own.forEach((name, value) -> frame.set(name, new Import(false).value(value, name)));
    foreign.forEach((name, value) -> frame.set(name, new Import(true).value(value, name)));
    try {
      frame.run(body);
    } catch (TemplateException e) {
      throw e.at(frame.line());
    }
    Text text = frame.written();
    BitSet marks = text.foreign();
    return new PromptText(text.toString(), Objects.requireNonNullElseGet(marks, BitSet::new));
  }
}
