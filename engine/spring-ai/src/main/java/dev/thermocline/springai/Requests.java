package dev.thermocline.springai;

import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.api.AnswerFormat;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.tools.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Spring AI's options as the engine's; what is not set stays as it is. */
final class Requests {
  private Requests() {}

  /**
   * The options of a request.
   *
   * @param defaults of the model
   * @param modelName the only one that may be asked for
   */
  static AnswerOptions options(AnswerOptions defaults, ChatOptions given, String modelName) {
    if (given.getModel() != null && !given.getModel().equals(modelName)) {
      throw new IllegalArgumentException(
          "model: expected none or " + modelName + ", which was opened, got " + given.getModel());
    }
    AnswerOptions options = defaults.withSampling(sampling(defaults.sampling(), given));
    Integer most = given.getMaxTokens();
    if (most != null) {
      options = options.withMaxTokens(most);
    }
    if (given instanceof ToolCallingChatOptions calling) {
      options = withTools(options, calling.getToolCallbacks());
    }
    if (given instanceof StructuredOutputChatOptions structured
        && structured.getOutputSchema() != null) {
      options = options.withFormat(new AnswerFormat.JsonSchema(structured.getOutputSchema()));
    }
    return options;
  }

  private static SamplingParams sampling(SamplingParams defaults, ChatOptions given) {
    SamplingParams.Builder sampling = defaults.toBuilder();
    if (given.getTemperature() != null) {
      sampling.temperature(given.getTemperature().floatValue());
    }
    if (given.getTopP() != null) {
      sampling.topP(given.getTopP().floatValue());
    }
    if (given.getTopK() != null) {
      sampling.topK(given.getTopK());
    }
    if (given.getFrequencyPenalty() != null) {
      sampling.frequencyPenalty(given.getFrequencyPenalty().floatValue());
    }
    if (given.getPresencePenalty() != null) {
      sampling.presencePenalty(given.getPresencePenalty().floatValue());
    }
    if (given.getStopSequences() != null) {
      sampling.stop(given.getStopSequences());
    }
    return sampling.build();
  }

  private static AnswerOptions withTools(
      AnswerOptions options, @Nullable List<ToolCallback> callbacks) {
    if (callbacks == null || callbacks.isEmpty()) {
      return options;
    }
    List<Tool> tools =
        callbacks.stream().map(ToolCallback::getToolDefinition).map(Requests::tool).toList();
    return options.withTools(tools, options.toolChoice());
  }

  private static Tool tool(ToolDefinition definition) {
    return new Tool(definition.name(), definition.description(), definition.inputSchema());
  }
}
