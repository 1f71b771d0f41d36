package dev.thermocline.server.openai;

import dev.thermocline.models.jinja.TemplateException;
import dev.thermocline.models.template.Conversation;
import dev.thermocline.models.tokenizer.PromptText;
import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.models.ServedModel;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** Turns conversations into tokens and holds them to the context. */
final class Prompts {
  private Prompts() {}

  /**
   * A conversation as the model's template writes it down.
   *
   * @throws ApiException if the template refuses it
   */
  static PromptText render(ServedModel model, Conversation conversation) {
    try {
      return model.template().render(conversation, LocalDateTime.now(ZoneId.systemDefault()));
    } catch (TemplateException e) {
      throw ApiException.invalid("messages", "messages: the chat template says: " + e.getMessage());
    }
  }

  /**
   * Tokens that fit, with room for one more.
   *
   * @param param where they come from
   * @throws ApiException if there are none or too many
   */
  static int[] checked(ServedModel model, String param, int[] tokens) {
    int context = model.engine().context();
    if (tokens.length == 0) {
      throw ApiException.invalid(param, param + ": expected text, got none");
    }
    if (tokens.length >= context) {
      throw ApiException.invalid(
          param,
          "context_length_exceeded",
          "This model's maximum context length is "
              + context
              + " tokens. However, your prompt has "
              + tokens.length
              + " tokens and leaves no room for an answer. Please shorten it.");
    }
    return tokens;
  }
}
