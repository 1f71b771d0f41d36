package dev.thermocline.engine.constrain.tools;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.schema.JsonCall;
import dev.thermocline.engine.tools.Thinking;
import dev.thermocline.engine.tools.Tool;
import dev.thermocline.engine.tools.ToolCalls;
import dev.thermocline.engine.tools.ToolFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers with tool calls, in each of the formats. */
public final class ToolGrammar {
  /** Before what begins a line, and after what ends one. */
  private static final Expr LINE = new Expr.Repeat(Expr.text("\n"), 0, 2);

  private final ToolCalls calls;
  private final Map<String, Integer> specials;
  private final @Nullable Expr words;

  private ToolGrammar(ToolCalls calls, Map<String, Integer> specials, @Nullable Expr words) {
    this.calls = calls;
    this.specials = specials;
    this.words = words;
  }

  /**
   * The answers that a request allows.
   *
   * @param specials the vocabulary's control tokens by their texts
   * @param words what an answer without a call looks like, null for any text
   * @throws ConstraintException naming a tool whose parameters cannot be enforced, or if a call
   *     could not be told from other answers
   */
  public static Expr of(ToolCalls calls, Map<String, Integer> specials, @Nullable Expr words) {
    ToolGrammar grammar = new ToolGrammar(calls, specials, words);
    if (words != null && calls.format() == ToolFormat.LLAMA) {
      throw new ConstraintException(
          "tools: this model calls them in plain JSON, which cannot be told from a JSON answer");
    }
    if (calls.callable().isEmpty()) {
      return words == null ? FreeText.any() : words;
    }
    return grammar.thinking(grammar.answer());
  }

  private Expr answer() {
    if (calls.isForced()) {
      return forced();
    }
    return words == null ? free() : Expr.choice(forced(), words);
  }

  private Expr thinking(Expr answer) {
    if (calls.thinking() == Thinking.NONE) {
      return answer;
    }
    FreeText thoughts = new FreeText(Thinking.END, specials.get(Thinking.END));
    // Where calls or a format are asked for, they come after the thoughts; otherwise maybe nothing.
    thoughts.then(Expr.sequence(LINE, answer), !calls.isForced() && words == null);
    return calls.thinking() == Thinking.OPEN
        ? thoughts.start()
        : Expr.choice(Expr.sequence(marker(Thinking.START), thoughts.start()), answer);
  }

  private Expr marker(String text) {
    Integer token = specials.get(text);
    Expr spelled = Expr.text(text);
    return token == null ? spelled : Expr.choice(spelled, new Expr.Special(token));
  }

  private Expr call() {
    List<Expr> options = new ArrayList<>();
    for (Tool tool : calls.callable()) {
      try {
        options.add(JsonCall.of(tool.name(), calls.format().argumentsKey(), tool.parameters()));
      } catch (ConstraintException e) {
        throw new ConstraintException("tool " + tool.name() + ": " + e.getMessage());
      }
    }
    Expr.Rule rule = new Expr.Rule("a tool call");
    rule.define(new Expr.Choice(options));
    return rule;
  }

  private Expr forced() {
    ToolFormat format = calls.format();
    return switch (format) {
      case HERMES, GENERIC -> {
        Expr block = Expr.sequence(marker(format.opening()), afterOpening(call()));
        yield calls.parallel()
            ? Expr.sequence(block, Expr.many(Expr.sequence(LINE, block)))
            : block;
      }
      case LLAMA -> Expr.sequence(Expr.optional(marker(format.opening())), call());
      case MISTRAL -> Expr.sequence(marker(format.opening()), list(call()));
    };
  }

  /** What follows the opening tag, the closing tag included. */
  private Expr afterOpening(Expr call) {
    return Expr.sequence(LINE, call, LINE, marker(calls.format().closing()));
  }

  private Expr list(Expr call) {
    return JsonCall.list(call, calls.parallel());
  }

  private Expr free() {
    ToolFormat format = calls.format();
    FreeText text = new FreeText(format.opening(), specials.get(format.opening()));
    return switch (format) {
      case HERMES, GENERIC -> {
        Expr again = calls.parallel() ? text.start() : LINE;
        text.then(Expr.sequence(afterOpening(call()), again), true);
        yield text.start();
      }
      case MISTRAL -> {
        text.then(list(call()), true);
        yield text.start();
      }
      case LLAMA -> {
        Integer tag = specials.get(format.opening());
        Expr call = call();
        Expr tagged = tag == null ? Expr.NEVER : Expr.sequence(new Expr.Special(tag), call);
        yield Expr.sequence(
            FreeText.SPACE, Expr.choice(call, tagged, FreeText.notBeginning("{\"name\"", tag)));
      }
    };
  }
}
