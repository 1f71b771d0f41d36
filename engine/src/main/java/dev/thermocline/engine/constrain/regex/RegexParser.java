package dev.thermocline.engine.constrain.regex;

import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.grammar.CodePoints;
import dev.thermocline.engine.constrain.grammar.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Regular expressions as ECMA 262 and Java write them: groups, classes, quantifiers, anchors at the
 * ends. What is not regular (look-around, back references) or depends on the engine (word
 * boundaries, flags, possessive quantifiers) is refused by name.
 */
public final class RegexParser {
  private static final int MOST_CHARACTERS = 20_000;
  private static final int MOST_NESTING = 100;
  private static final int MOST_TIMES = 1_000_000;

  private final Source source;
  private final Spelling spelling;
  private final boolean search;
  private final Map<CodePoints, Expr> spelled = new HashMap<>();
  private int nesting;

  private RegexParser(String pattern, Spelling spelling, boolean search) {
    if (pattern.length() > MOST_CHARACTERS) {
      throw new ConstraintException(
          "pattern: expected at most " + MOST_CHARACTERS + " characters, got " + pattern.length());
    }
    this.source = new Source("pattern", pattern);
    this.spelling = spelling;
    this.search = search;
  }

  /**
   * Texts that match from the first character to the last.
   *
   * @throws ConstraintException naming the place that is wrong or not supported
   */
  public static Expr whole(String pattern, Spelling spelling) {
    return new RegexParser(pattern, spelling, false).parse();
  }

  /** Texts in which the pattern is found, as in JSON Schema. */
  public static Expr anywhere(String pattern, Spelling spelling) {
    return new RegexParser(pattern, spelling, true).parse();
  }

  private Expr parse() {
    Expr expr = alternatives(true);
    if (!source.isAtEnd()) {
      throw source.error("expected the end of the pattern, found )");
    }
    return expr;
  }

  private Expr alternatives(boolean top) {
    List<Expr> options = new ArrayList<>();
    do {
      options.add(alternative(top));
    } while (source.take('|'));
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private Expr alternative(boolean top) {
    List<Expr> parts = new ArrayList<>();
    boolean start = top && source.take('^');
    boolean end = false;
    while (!source.isAtEnd() && source.peek() != '|' && source.peek() != ')') {
      if (top && source.peek() == '$') {
        source.next();
        end = true;
        break;
      }
      parts.add(quantified());
    }
    if (end && !source.isAtEnd() && source.peek() != '|') {
      throw source.error("expected $ only at the end of the pattern");
    }
    if (top && search && !start) {
      parts.addFirst(Expr.many(one(CodePoints.ALL)));
    }
    if (top && search && !end) {
      parts.add(Expr.many(one(CodePoints.ALL)));
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(parts);
  }

  private Expr quantified() {
    Expr atom = atom();
    if (source.isAtEnd()) {
      return atom;
    }
    return switch (source.peek()) {
      case '*' -> times(atom, 0, Expr.UNBOUNDED);
      case '+' -> times(atom, 1, Expr.UNBOUNDED);
      case '?' -> times(atom, 0, 1);
      case '{' -> source.peekDigit(1) ? counted(atom) : atom;
      default -> atom;
    };
  }

  private Expr times(Expr atom, int min, int max) {
    source.next();
    // A lazy quantifier allows the same texts as a greedy one.
    source.take('?');
    if (source.take('+')) {
      throw source.error("possessive quantifiers are not supported");
    }
    if (!source.isAtEnd() && "*?".indexOf(source.peek()) >= 0) {
      throw source.error("expected one quantifier, found another: " + (char) source.peek());
    }
    return new Expr.Repeat(atom, min, max);
  }

  private Expr counted(Expr atom) {
    source.next();
    int min = source.number(MOST_TIMES);
    int max = min;
    if (source.take(',')) {
      max = source.isAtEnd() || source.peek() == '}' ? Expr.UNBOUNDED : source.number(MOST_TIMES);
    }
    if (source.isAtEnd() || source.peek() != '}') {
      throw source.error("expected } after a number of repetitions");
    }
    if (max < min) {
      throw source.error("expected a range, found {" + min + "," + max + "}");
    }
    return times(atom, min, max);
  }

  private Expr atom() {
    int c = source.next();
    return switch (c) {
      case '(' -> group();
      case '[' -> one(new ClassParser(source).parse());
      case '.' -> one(CharacterClasses.DOT);
      case '\\' -> one(new ClassParser(source).escape(false));
      case '^', '$' -> throw source.error("anchors are supported at the ends of the pattern only");
      case '*', '+', '?' -> throw source.error("expected something to repeat before " + (char) c);
      default -> one(CodePoints.of(c));
    };
  }

  /** A class that comes again is the same expression. */
  private Expr one(CodePoints set) {
    return spelled.computeIfAbsent(set, spelling::one);
  }

  private Expr group() {
    if (++nesting > MOST_NESTING) {
      throw source.error("expected at most " + MOST_NESTING + " groups inside each other");
    }
    if (source.take('?')) {
      groupKind();
    }
    Expr inner = alternatives(false);
    if (!source.take(')')) {
      throw source.error("expected ) at the end of a group");
    }
    nesting--;
    return inner;
  }

  private void groupKind() {
    if (source.take(':')) {
      return;
    }
    if (source.take('=') || source.take('!')) {
      throw source.error("look-ahead is not regular and not supported");
    }
    if (!source.take('<')) {
      throw source.error("flags and special groups are not supported");
    }
    if (source.take('=') || source.take('!')) {
      throw source.error("look-behind is not regular and not supported");
    }
    while (!source.take('>')) {
      source.next();
    }
  }
}
