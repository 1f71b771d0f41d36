package dev.thermocline.server.openai;

import dev.thermocline.server.http.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Chat completions. */
final class ChatFormat implements ReplyFormat {
  private final ReplyHead head;
  private final boolean logprobs;

  ChatFormat(ReplyHead head, boolean logprobs) {
    this.head = head;
    this.logprobs = logprobs;
  }

  @Override
  public ObjectNode opening(int choice) {
    ObjectNode delta = Json.object();
    delta.put("role", "assistant");
    delta.put("content", "");
    return head.chunk(choice(choice, delta, List.of(), null));
  }

  @Override
  public ObjectNode piece(int choice, Delta delta) {
    List<TokenScore> scores = delta instanceof Delta.Content text ? text.scores() : List.of();
    return head.chunk(choice(choice, delta(delta), scores, null));
  }

  private static ObjectNode delta(Delta delta) {
    ObjectNode node = Json.object();
    switch (delta) {
      case Delta.Content more -> node.put("content", more.text());
      case Delta.Reasoning more -> node.put("reasoning_content", more.text());
      case Delta.ToolCall call -> {
        ObjectNode entry = node.putArray("tool_calls").addObject();
        entry.put("index", call.index());
        entry.put("id", call.id());
        entry.put("type", "function");
        entry.putObject("function").put("name", call.name()).put("arguments", "");
      }
      case Delta.ToolArguments more -> {
        ObjectNode entry = node.putArray("tool_calls").addObject();
        entry.put("index", more.index());
        entry.putObject("function").put("arguments", more.json());
      }
    }
    return node;
  }

  @Override
  public ObjectNode end(int choice, String finishReason) {
    return head.chunk(choice(choice, Json.object(), List.of(), finishReason));
  }

  private ObjectNode choice(
      int index, ObjectNode delta, List<TokenScore> scores, @Nullable String finishReason) {
    ObjectNode choice = Json.object();
    choice.put("index", index);
    choice.set("delta", delta);
    putScores(choice, scores.isEmpty() ? null : scores);
    choice.put("finish_reason", finishReason);
    return choice;
  }

  private static void putScores(ObjectNode choice, @Nullable List<TokenScore> scores) {
    if (scores == null) {
      choice.putNull("logprobs");
      return;
    }
    ObjectNode logprobs = choice.putObject("logprobs");
    ArrayNode content = logprobs.putArray("content");
    scores.forEach(score -> content.add(score.toJson()));
    logprobs.putNull("refusal");
  }

  @Override
  public ObjectNode usage(Usage usage) {
    ObjectNode node = head.last();
    node.putArray("choices");
    node.set("usage", usage.toJson());
    return node;
  }

  @Override
  public ObjectNode whole(List<Answer> answers, Usage usage) {
    ObjectNode node = head.whole();
    ArrayNode choices = node.putArray("choices");
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      ObjectNode choice = choices.addObject();
      choice.put("index", i);
      choice.set("message", message(answer));
      putScores(choice, logprobs ? answer.scores() : null);
      choice.put("finish_reason", answer.finishReason());
    }
    node.set("usage", usage.toJson());
    return node;
  }

  private static ObjectNode message(Answer answer) {
    ObjectNode message = Json.object();
    message.put("role", "assistant");
    if (answer.content().isEmpty() && !answer.calls().isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", answer.content());
    }
    if (!answer.reasoning().isEmpty()) {
      message.put("reasoning_content", answer.reasoning());
    }
    message.putNull("refusal");
    if (!answer.calls().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      for (Answer.Call call : answer.calls()) {
        ObjectNode entry = calls.addObject();
        entry.put("id", call.id());
        entry.put("type", "function");
        entry.putObject("function").put("name", call.name()).put("arguments", call.arguments());
      }
    }
    return message;
  }
}
