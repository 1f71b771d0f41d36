package dev.thermocline.server.openai;

import dev.thermocline.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Completions, the older interface. */
final class CompletionFormat implements ReplyFormat {
  private final ReplyHead head;
  private final List<String> echoes;
  private final List<List<TokenScore>> echoScores;
  private final boolean logprobs;

  /** Characters of each choice that have left so far. */
  private final int[] offsets;

  /**
   * Sets the format of an answer.
   *
   * @param echoes what comes before the text of each choice, often nothing
   * @param echoScores scores of that, empty where they were not asked for
   */
  CompletionFormat(
      ReplyHead head, List<String> echoes, List<List<TokenScore>> echoScores, boolean logprobs) {
    this.head = head;
    this.echoes = List.copyOf(echoes);
    this.echoScores = List.copyOf(echoScores);
    this.logprobs = logprobs;
    this.offsets = new int[echoes.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = echoScores.get(i).isEmpty() ? characters(echoes.get(i)) : 0;
    }
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public @Nullable ObjectNode opening(int choice) {
    String echo = echoes.get(choice);
    List<TokenScore> scores = echoScores.get(choice);
    return echo.isEmpty()
        ? null
        : head.chunk(choice(choice, echo, scores.isEmpty() ? null : scores, null));
  }

  @Override
  public ObjectNode piece(int choice, Delta delta) {
    return switch (delta) {
      case Delta.Content more ->
          head.chunk(choice(choice, more.text(), logprobs ? more.scores() : null, null));
      case Delta.Reasoning more -> head.chunk(choice(choice, more.text(), null, null));
      case Delta.ToolCall call -> throw new IllegalStateException("no tools here: " + call);
      case Delta.ToolArguments call -> throw new IllegalStateException("no tools here: " + call);
    };
  }

  @Override
  public ObjectNode end(int choice, String finishReason) {
    return head.chunk(choice(choice, "", null, finishReason));
  }

  private ObjectNode choice(
      int index, String text, @Nullable List<TokenScore> scores, @Nullable String finishReason) {
    ObjectNode choice = Json.object();
    choice.put("index", index);
    choice.put("text", text);
    if (scores == null) {
      choice.putNull("logprobs");
    } else {
      choice.set("logprobs", scores(index, scores));
    }
    choice.put("finish_reason", finishReason);
    return choice;
  }

  /** Scores of a choice's next tokens; the events of one choice come one after the other. */
  private ObjectNode scores(int choice, List<TokenScore> scores) {
    ObjectNode node = Json.object();
    ArrayNode tokens = node.putArray("tokens");
    ArrayNode logprobs = node.putArray("token_logprobs");
    ArrayNode tops = node.putArray("top_logprobs");
    ArrayNode starts = node.putArray("text_offset");
    for (TokenScore score : scores) {
      tokens.add(score.text());
      if (score.isUnknown()) {
        logprobs.addNull();
        tops.addNull();
      } else {
        logprobs.add(TokenScore.finite(score.logprob()));
        ObjectNode top = tops.addObject();
        for (TokenScore.Alternative other : score.top()) {
          top.put(TokenScore.text(other.bytes()), TokenScore.finite(other.logprob()));
        }
      }
      starts.add(offsets[choice]);
      offsets[choice] += characters(score.text());
    }
    return node;
  }

  private static List<TokenScore> joined(List<TokenScore> first, List<TokenScore> second) {
    List<TokenScore> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
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
      choices.add(
          choice(
              i,
              echoes.get(i) + answer.content(),
              logprobs ? joined(echoScores.get(i), answer.scores()) : null,
              answer.finishReason()));
    }
    node.set("usage", usage.toJson());
    return node;
  }
}
