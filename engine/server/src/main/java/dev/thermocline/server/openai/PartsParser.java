package dev.thermocline.server.openai;

import dev.thermocline.engine.tools.OutputParser;
import dev.thermocline.engine.tools.OutputPart;
import dev.thermocline.engine.tools.ToolFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reply taken apart by the engine's parser. */
final class PartsParser implements ReplyParser {
  private final OutputParser parser;
  private final @Nullable ToolFormat format;
  private final List<TokenScore> scores = new ArrayList<>();

  /**
   * Takes a reply apart.
   *
   * @param format how tools are called; null without tools
   */
  PartsParser(OutputParser parser, @Nullable ToolFormat format) {
    this.parser = parser;
    this.format = format;
  }

  @Override
  public List<Delta> add(Delta.Content piece) {
    scores.addAll(piece.scores());
    return deltas(parser.accept(piece.text()));
  }

  @Override
  public List<Delta> end() {
    return deltas(parser.finish());
  }

  @Override
  public boolean calledTools() {
    return parser.calls() > 0;
  }

  private List<Delta> deltas(List<OutputPart> parts) {
    List<Delta> deltas = new ArrayList<>(parts.size());
    for (OutputPart part : parts) {
      deltas.add(delta(part));
    }
    return deltas;
  }

  /** Scores go with the next text that a reader sees. */
  private Delta delta(OutputPart part) {
    return switch (part) {
      case OutputPart.Content text -> {
        Delta content = new Delta.Content(text.text(), scores);
        scores.clear();
        yield content;
      }
      case OutputPart.Reasoning text -> new Delta.Reasoning(text.text());
      case OutputPart.CallStart call ->
          new Delta.ToolCall(call.index(), CallIds.fresh(format), call.name());
      case OutputPart.CallArguments more -> new Delta.ToolArguments(more.index(), more.json());
    };
  }
}
