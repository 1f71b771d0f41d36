package dev.thermocline.engine.constrain.gbnf;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.CodePoints;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.grammar.Utf8;
import dev.thermocline.engine.constrain.regex.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Grammars in llama.cpp's GBNF: rules {@code name ::= …}, literals, classes, groups, alternatives,
 * {@code * + ? {m,n}}, comments. The text is what the rule {@code root} says.
 */
public final class GbnfParser {
  private static final int MOST_CHARACTERS = 256_000;
  private static final int MOST_NESTING = 100;
  private static final int MOST_TIMES = 1_000_000;

  private static final Expr ANY = Utf8.one(CodePoints.ALL);

  private final Source source;
  private final Map<String, Expr.Rule> rules = new LinkedHashMap<>();
  private int nesting;

  private GbnfParser(String grammar) {
    if (grammar.length() > MOST_CHARACTERS) {
      throw new ConstraintException(
          "grammar: expected at most " + MOST_CHARACTERS + " characters, got " + grammar.length());
    }
    source = new Source("grammar", grammar.replace("\r\n", "\n"));
  }

  /**
   * The rule {@code root}.
   *
   * @throws ConstraintException naming the place that is wrong, or the rule that is missing
   */
  public static Expr parse(String grammar) {
    return new GbnfParser(grammar).parse();
  }

  private Expr parse() {
    space(true);
    while (!source.isAtEnd()) {
      rule();
      space(true);
    }
    for (Expr.Rule rule : rules.values()) {
      if (!rule.isDefined()) {
        throw new ConstraintException(
            "grammar: expected a rule " + rule.name() + ", which others name, found none");
      }
    }
    Expr.Rule root = rules.get("root");
    if (root == null) {
      throw new ConstraintException("grammar: expected a rule root, found none");
    }
    return root;
  }

  private void rule() {
    Expr.Rule rule = rules.computeIfAbsent(name(), Expr.Rule::new);
    if (rule.isDefined()) {
      throw source.error("rule " + rule.name() + " is there already");
    }
    space(false);
    if (!source.take("::=")) {
      throw source.error("expected ::=");
    }
    space(true);
    rule.define(alternatives());
    if (!source.isAtEnd() && source.peek() != '\n') {
      throw source.error("expected the end of the rule, found " + (char) source.peek());
    }
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    while (!source.isAtEnd() && isNamePart(source.peek())) {
      name.appendCodePoint(source.next());
    }
    if (name.isEmpty()) {
      throw source.error("expected a name");
    }
    return name.toString();
  }

  private static boolean isNamePart(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }

  private Expr alternatives() {
    List<Expr> options = new ArrayList<>();
    options.add(sequence());
    while (source.take('|')) {
      space(true);
      options.add(sequence());
    }
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private Expr sequence() {
    List<Expr> parts = new ArrayList<>();
    while (!source.isAtEnd() && "|)\n".indexOf(source.peek()) < 0) {
      Expr part = element();
      space(nesting > 0);
      while (!source.isAtEnd() && "*+?{".indexOf(source.peek()) >= 0) {
        part = repeated(part);
        space(nesting > 0);
      }
      parts.add(part);
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(parts);
  }

  private Expr repeated(Expr part) {
    return switch (source.next()) {
      case '*' -> new Expr.Repeat(part, 0, Expr.UNBOUNDED);
      case '+' -> new Expr.Repeat(part, 1, Expr.UNBOUNDED);
      case '?' -> new Expr.Repeat(part, 0, 1);
      default -> counted(part);
    };
  }

  private Expr counted(Expr part) {
    space(true);
    int min = source.peek() == ',' ? 0 : source.number(MOST_TIMES);
    int max = min;
    space(true);
    if (source.take(',')) {
      space(true);
      max = source.peek() == '}' ? Expr.UNBOUNDED : source.number(MOST_TIMES);
      space(true);
    }
    if (!source.take('}')) {
      throw source.error("expected } after a number of repetitions");
    }
    if (max < min) {
      throw source.error("expected a range, found {" + min + "," + max + "}");
    }
    return new Expr.Repeat(part, min, max);
  }

  private Expr element() {
    int c = source.peek();
    if (isNamePart(c)) {
      return rules.computeIfAbsent(name(), Expr.Rule::new);
    }
    source.next();
    return switch (c) {
      case '"' -> literal();
      case '[' -> Utf8.one(characterClass());
      case '.' -> ANY;
      case '(' -> group();
      default -> throw source.error("expected a literal, class, group or name before this");
    };
  }

  private Expr literal() {
    StringBuilder text = new StringBuilder();
    while (!source.take('"')) {
      text.appendCodePoint(character());
    }
    return Expr.text(text.toString());
  }

  private CodePoints characterClass() {
    boolean negated = source.take('^');
    List<CodePoints.Range> ranges = new ArrayList<>();
    while (!source.take(']')) {
      int from = character();
      int to = from;
      int dash = source.position();
      if (source.take('-')) {
        if (source.peek() == ']') {
          source.back(dash);
          ranges.add(new CodePoints.Range(from, from));
          source.next();
          from = '-';
          to = '-';
        } else {
          to = character();
        }
      }
      ranges.add(new CodePoints.Range(from, to));
    }
    CodePoints set = CodePoints.normalized(ranges);
    return negated ? set.not() : set;
  }

  private int character() {
    int c = source.next();
    if (c != '\\') {
      return c;
    }
    int escaped = source.next();
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> source.hex(2);
      case 'u' -> source.hex(4);
      case 'U' -> source.hex(8);
      default -> {
        if (Character.isLetterOrDigit(escaped)) {
          throw source.error("the escape \\" + Character.toString(escaped) + " is not known");
        }
        yield escaped;
      }
    };
  }

  private Expr group() {
    if (++nesting > MOST_NESTING) {
      throw source.error("expected at most " + MOST_NESTING + " groups inside each other");
    }
    space(true);
    Expr inner = alternatives();
    if (!source.take(')')) {
      throw source.error("expected ) at the end of a group");
    }
    nesting--;
    return inner;
  }

  /** Skips blanks and comments. */
  private void space(boolean lines) {
    while (!source.isAtEnd()) {
      int c = source.peek();
      if (c == '#') {
        while (!source.isAtEnd() && source.peek() != '\n') {
          source.next();
        }
      } else if (c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r')) {
        source.next();
      } else {
        return;
      }
    }
  }
}
