package dev.thermocline.engine.api;

import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolChoice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a model is to answer. Immutable; every {@code with} gives a changed copy.
 *
 * <pre>{@code
 * AnswerOptions options = AnswerOptions.greedy().withMaxTokens(200).withFormat(new AnswerFormat.JsonObject());
 * }</pre>
 *
 * @since 0.1
 */
public final class AnswerOptions {
  private final int maxTokens;
  private final SamplingParams sampling;
  private final AnswerFormat format;
  private final List<Tool> tools;
  private final ToolChoice toolChoice;
  private final Map<String, Object> templateOptions;

  private AnswerOptions(
      int maxTokens,
      SamplingParams sampling,
      AnswerFormat format,
      List<Tool> tools,
      ToolChoice toolChoice,
      Map<String, Object> templateOptions) {
    this.maxTokens = maxTokens;
    this.sampling = sampling;
    this.format = format;
    this.tools = tools;
    this.toolChoice = toolChoice;
    this.templateOptions = templateOptions;
  }

  private static AnswerOptions of(SamplingParams sampling) {
    return new AnswerOptions(
        0, sampling, new AnswerFormat.FreeText(), List.of(), new ToolChoice.Auto(), Map.of());
  }

  /** Sensible for prose: {@link SamplingParams#defaults} with a seed drawn by chance. */
  public static AnswerOptions defaults() {
    return of(SamplingParams.defaults(ThreadLocalRandom.current().nextLong()));
  }

  /** Always the most likely token: the same question gets the same answer. */
  public static AnswerOptions greedy() {
    return of(SamplingParams.greedy());
  }

  /**
   * Limits the answer.
   *
   * @param count most tokens; 0 for as many as the context has room for
   */
  public AnswerOptions withMaxTokens(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("max tokens: expected 0 or more, got " + count);
    }
    return new AnswerOptions(count, sampling, format, tools, toolChoice, templateOptions);
  }

  /** Says how tokens are drawn, and what texts end the answer. */
  public AnswerOptions withSampling(SamplingParams params) {
    return new AnswerOptions(
        maxTokens, Objects.requireNonNull(params), format, tools, toolChoice, templateOptions);
  }

  /**
   * Holds the answer to a format. Where tools are offered too, which goes with free text and JSON,
   * an answer calls tools or has the format.
   */
  public AnswerOptions withFormat(AnswerFormat wanted) {
    return new AnswerOptions(
        maxTokens, sampling, Objects.requireNonNull(wanted), tools, toolChoice, templateOptions);
  }

  /**
   * Offers tools. What the model calls, it calls as declared; the caller runs the calls, or leaves
   * that to a {@link ChatSession} with {@link JavaTool}s.
   */
  public AnswerOptions withTools(List<Tool> offered, ToolChoice choice) {
    return new AnswerOptions(
        maxTokens,
        sampling,
        format,
        List.copyOf(offered),
        Objects.requireNonNull(choice),
        templateOptions);
  }

  /** Sets variables of the model's chat template, such as {@code enable_thinking}. */
  public AnswerOptions withTemplateOptions(Map<String, ?> variables) {
    return new AnswerOptions(
        maxTokens, sampling, format, tools, toolChoice, Map.copyOf(new HashMap<>(variables)));
  }

  public int maxTokens() {
    return maxTokens;
  }

  public SamplingParams sampling() {
    return sampling;
  }

  public AnswerFormat format() {
    return format;
  }

  public List<Tool> tools() {
    return tools;
  }

  public ToolChoice toolChoice() {
    return toolChoice;
  }

  public Map<String, Object> templateOptions() {
    return templateOptions;
  }

  /** Whether the model may call something. */
  boolean callsTools() {
    return !tools.isEmpty() && !(toolChoice instanceof ToolChoice.None);
  }
}
