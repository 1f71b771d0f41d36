package dev.thermocline.engine.constrain.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a text may look like: a context-free expression over bytes and control tokens. All sources
 * (patterns, grammars, schemas) come down to it.
 */
public sealed interface Expr {
  /** Repetitions without end. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** The empty text. */
  Expr EMPTY = new Sequence(List.of());

  /** No text at all. */
  Expr NEVER = new Choice(List.of());

  /** What is read in one step. */
  sealed interface Terminal extends Expr {}

  /** One byte of a set. */
  record Bytes(ByteSet set) implements Terminal {}

  /** One control token. */
  record Special(int token) implements Terminal {}

  /** Any control token but some. */
  record AnySpecial(Set<Integer> except) implements Terminal {
    public AnySpecial {
      except = Set.copyOf(except);
    }
  }

  /** One of many texts, which may share beginnings. */
  record Literals(List<String> texts) implements Expr {
    public Literals {
      texts = List.copyOf(texts);
    }
  }

  /** One after the other. */
  record Sequence(List<Expr> parts) implements Expr {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** Any one of them. */
  record Choice(List<Expr> options) implements Expr {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /** From {@code min} to {@code max} times. */
  record Repeat(Expr body, int min, int max) implements Expr {}

  /** A named expression, which may refer to itself; its body is set once. */
  final class Rule implements Expr {
    private final String name;
    private @Nullable Expr body;

    public Rule(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    public void define(Expr expr) {
      body = expr;
    }

    public boolean isDefined() {
      return body != null;
    }

    /** The body; every rule has one by the time a grammar is compiled. */
    public Expr body() {
      Expr defined = body;
      if (defined == null) {
        throw new IllegalStateException("rule " + name + " has no body");
      }
      return defined;
    }
  }

  static Expr text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Expr[] parts = new Expr[utf8.length];
    for (int i = 0; i < utf8.length; i++) {
      parts[i] = new Bytes(ByteSet.of(utf8[i] & 0xff));
    }
    return new Sequence(Arrays.asList(parts));
  }

  static Expr sequence(Expr... parts) {
    return new Sequence(Arrays.asList(parts));
  }

  static Expr choice(Expr... options) {
    return new Choice(Arrays.asList(options));
  }

  static Expr optional(Expr body) {
    return new Repeat(body, 0, 1);
  }

  static Expr many(Expr body) {
    return new Repeat(body, 0, UNBOUNDED);
  }
}
