package dev.thermocline.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.Json;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.api.AnswerFormat;
import dev.thermocline.engine.api.AnswerOptions;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LangChain4j's parameters as the engine's options; what is not set stays as it is. */
final class Requests {
  private Requests() {}

  /**
   * The same parameters.
   *
   * @throws UnsupportedFeatureException if they name a model, which was chosen before
   */
  static ChatRequestParameters supported(ChatRequestParameters parameters) {
    if (parameters.modelName() != null) {
      throw new UnsupportedFeatureException(
          "'modelName' is not supported: the model is the one that was opened");
    }
    return parameters;
  }

  /**
   * The options of a request.
   *
   * @param defaults of the model
   * @throws UnsupportedFeatureException as {@link #supported} does
   */
  static AnswerOptions options(AnswerOptions defaults, ChatRequestParameters given) {
    ChatRequestParameters parameters = supported(given);
    AnswerOptions options =
        defaults
            .withSampling(sampling(defaults.sampling(), parameters))
            .withFormat(format(parameters.responseFormat(), defaults.format()))
            .withTools(tools(parameters, defaults), choice(parameters, defaults));
    Integer most = parameters.maxOutputTokens();
    return most == null ? options : options.withMaxTokens(most);
  }

  private static SamplingParams sampling(SamplingParams defaults, ChatRequestParameters given) {
    SamplingParams.Builder sampling = defaults.toBuilder();
    if (given.temperature() != null) {
      sampling.temperature(given.temperature().floatValue());
    }
    if (given.topP() != null) {
      sampling.topP(given.topP().floatValue());
    }
    if (given.topK() != null) {
      sampling.topK(given.topK());
    }
    if (given.frequencyPenalty() != null) {
      sampling.frequencyPenalty(given.frequencyPenalty().floatValue());
    }
    if (given.presencePenalty() != null) {
      sampling.presencePenalty(given.presencePenalty().floatValue());
    }
    if (given.stopSequences() != null && !given.stopSequences().isEmpty()) {
      sampling.stop(given.stopSequences());
    }
    return sampling.build();
  }

  private static AnswerFormat format(@Nullable ResponseFormat wanted, AnswerFormat otherwise) {
    if (wanted == null) {
      return otherwise;
    }
    if (wanted.type() == ResponseFormatType.TEXT) {
      return new AnswerFormat.FreeText();
    }
    return wanted.jsonSchema() == null
        ? new AnswerFormat.JsonObject()
        : new AnswerFormat.JsonSchema(json(wanted.jsonSchema().rootElement()));
  }

  private static String json(JsonSchemaElement schema) {
    return Json.toJson(JsonSchemaElementUtils.toMap(schema));
  }

  private static List<Tool> tools(ChatRequestParameters parameters, AnswerOptions defaults) {
    List<ToolSpecification> given = parameters.toolSpecifications();
    return given == null || given.isEmpty()
        ? defaults.tools()
        : given.stream().map(Requests::tool).toList();
  }

  private static Tool tool(ToolSpecification specification) {
    return new Tool(
        specification.name(),
        specification.description() == null ? "" : specification.description(),
        specification.parameters() == null ? Tool.NO_PARAMETERS : json(specification.parameters()));
  }

  private static ToolChoice choice(ChatRequestParameters parameters, AnswerOptions defaults) {
    return switch (parameters.toolChoice()) {
      case REQUIRED -> new ToolChoice.Required();
      case NONE -> new ToolChoice.None();
      case AUTO -> new ToolChoice.Auto();
      case null -> defaults.toolChoice();
    };
  }
}
