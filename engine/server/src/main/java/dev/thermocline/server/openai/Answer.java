package dev.thermocline.server.openai;

import java.util.ArrayList;
import java.util.List;

/** An answer that has come together, as calls that do not stream give it. */
final class Answer {
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<TokenScore> scores = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private String finishReason = "";

  /** A tool call that has come together. */
  static final class Call {
    private final String id;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();

    private Call(String id, String name) {
      this.id = id;
      this.name = name;
    }

    String id() {
      return id;
    }

    String name() {
      return name;
    }

    String arguments() {
      return arguments.toString();
    }
  }

  void add(Delta delta) {
    switch (delta) {
      case Delta.Content more -> {
        content.append(more.text());
        scores.addAll(more.scores());
      }
      case Delta.Reasoning more -> reasoning.append(more.text());
      case Delta.ToolCall call -> calls.add(new Call(call.id(), call.name()));
      case Delta.ToolArguments more -> calls.get(more.index()).arguments.append(more.json());
    }
  }

  void finish(String reason) {
    finishReason = reason;
  }

  String content() {
    return content.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  List<TokenScore> scores() {
    return scores;
  }

  List<Call> calls() {
    return calls;
  }

  String finishReason() {
    return finishReason;
  }
}
