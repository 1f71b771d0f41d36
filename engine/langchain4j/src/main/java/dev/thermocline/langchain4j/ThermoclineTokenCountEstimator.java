package dev.thermocline.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.thermocline.engine.api.LocalModel;
import java.util.List;
import java.util.Objects;

/**
 * Counts tokens with the tokenizer and the chat template of a model: exact, no estimate. Safe for
 * use by several threads.
 *
 * @since 0.1
 */
public final class ThermoclineTokenCountEstimator implements TokenCountEstimator {
  private final LocalModel model;

  public ThermoclineTokenCountEstimator(LocalModel model) {
    this.model = Objects.requireNonNull(model);
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return model.countTokens(text);
  }

  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return model.countTokens(List.of(Messages.of(message)));
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    return model.countTokens(Messages.of(messages));
  }
}
