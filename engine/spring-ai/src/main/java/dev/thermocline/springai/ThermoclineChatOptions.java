package dev.thermocline.springai;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * Spring AI's options of a chat: sampling, tools and a JSON Schema that answers are held to. What
 * Spring AI has no name for, such as a seed, is in the {@link
 * dev.thermocline.engine.api.AnswerOptions} of the model.
 *
 * @since 0.1
 */
public final class ThermoclineChatOptions extends DefaultToolCallingChatOptions
    implements StructuredOutputChatOptions {
  private final @Nullable String outputSchema;

  private ThermoclineChatOptions(
      @Nullable List<ToolCallback> toolCallbacks,
      @Nullable Map<String, Object> toolContext,
      ChatOptions common,
      @Nullable String outputSchema) {
    super(
        toolCallbacks,
        toolContext,
        common.getModel(),
        common.getFrequencyPenalty(),
        common.getMaxTokens(),
        common.getPresencePenalty(),
        common.getStopSequences(),
        common.getTemperature(),
        common.getTopK(),
        common.getTopP());
    this.outputSchema = outputSchema;
  }

  /** Starts from nothing: all is as the model has it. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public @Nullable String getOutputSchema() {
    return outputSchema;
  }

  @Override
  public Builder mutate() {
    return builder()
        .model(getModel())
        .frequencyPenalty(getFrequencyPenalty())
        .maxTokens(getMaxTokens())
        .presencePenalty(getPresencePenalty())
        .stopSequences(getStopSequences())
        .temperature(getTemperature())
        .topK(getTopK())
        .topP(getTopP())
        .toolCallbacks(getToolCallbacks())
        .toolContext(getToolContext())
        .outputSchema(outputSchema);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof ThermoclineChatOptions that
        && Objects.equals(outputSchema, that.outputSchema);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), outputSchema);
  }

  /**
   * Options in the making.
   *
   * @since 0.1
   */
  public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
      implements StructuredOutputChatOptions.Builder<Builder> {
    private @Nullable String outputSchema;

    private Builder() {}

    /** Holds answers to a JSON Schema; where tools are offered too, an answer may call them. */
    @Override
    public Builder outputSchema(@Nullable String schema) {
      outputSchema = schema;
      return this;
    }

    @Override
    public Builder combineWith(ChatOptions.Builder<?> other) {
      super.combineWith(other);
      if (other.build() instanceof StructuredOutputChatOptions that
          && that.getOutputSchema() != null) {
        outputSchema = that.getOutputSchema();
      }
      return this;
    }

    @Override
    public ThermoclineChatOptions build() {
      return new ThermoclineChatOptions(toolCallbacks, toolContext, super.build(), outputSchema);
    }
  }
}
