package dev.thermocline.engine.constrain.regex;

import dev.thermocline.engine.constrain.grammar.CodePoints;
import java.util.ArrayList;
import java.util.List;

/** Classes in brackets, and escapes in and outside of them. */
final class ClassParser {
  private final Source source;

  ClassParser(Source source) {
    this.source = source;
  }

  /** What follows an opening bracket, up to the closing one. */
  CodePoints parse() {
    boolean negated = source.take('^');
    List<CodePoints.Range> ranges = new ArrayList<>();
    while (!source.take(']')) {
      CodePoints low = member();
      if (isSingle(low) && source.take('-')) {
        ranges.addAll((source.peek() == ']' ? low.or(CodePoints.of('-')) : range(low)).ranges());
      } else {
        ranges.addAll(low.ranges());
      }
    }
    CodePoints all = CodePoints.normalized(ranges);
    return negated ? all.not() : all;
  }

  private CodePoints range(CodePoints low) {
    CodePoints high = member();
    int from = low.ranges().getFirst().from();
    if (!isSingle(high)) {
      return low.or(CodePoints.of('-')).or(high);
    }
    int to = high.ranges().getFirst().from();
    if (to < from) {
      throw source.error("expected a range, found one from U+%04X to U+%04X".formatted(from, to));
    }
    return CodePoints.of(from, to);
  }

  private static boolean isSingle(CodePoints set) {
    return set.ranges().size() == 1
        && set.ranges().getFirst().from() == set.ranges().getFirst().to();
  }

  private CodePoints member() {
    int c = source.next();
    return c == '\\' ? escape(true) : CodePoints.of(c);
  }

  /** What follows a backslash. */
  CodePoints escape(boolean inClass) {
    int c = source.next();
    return switch (c) {
      case 'd' -> CharacterClasses.DIGIT;
      case 'D' -> CharacterClasses.DIGIT.not();
      case 'w' -> CharacterClasses.WORD;
      case 'W' -> CharacterClasses.WORD.not();
      case 's' -> CharacterClasses.SPACE;
      case 'S' -> CharacterClasses.NOT_SPACE;
      case 't' -> CodePoints.of('\t');
      case 'n' -> CodePoints.of('\n');
      case 'r' -> CodePoints.of('\r');
      case 'f' -> CodePoints.of('\f');
      case 'x' -> CodePoints.of(source.hex(2));
      case 'u' -> unicode();
      case 'p' -> property();
      case 'P' -> property().not();
      default -> other(c, inClass);
    };
  }

  private CodePoints other(int c, boolean inClass) {
    if (c == '0' && !source.peekDigit(0)) {
      return CodePoints.of(0);
    }
    if (c == 'b' && inClass) {
      return CodePoints.of('\b');
    }
    if (c >= '0' && c <= '9' || c == 'k') {
      throw source.error("back references are not regular and not supported");
    }
    if (Character.isLetter(c)) {
      throw source.error("the escape \\" + Character.toString(c) + " is not supported");
    }
    return CodePoints.of(c);
  }

  private CodePoints unicode() {
    if (!source.take('{')) {
      int c = source.hex(4);
      if (Character.isHighSurrogate((char) c) && source.take("\\u")) {
        int low = source.hex(4);
        if (Character.isLowSurrogate((char) low)) {
          return CodePoints.of(Character.toCodePoint((char) c, (char) low));
        }
        throw source.error("expected the second half of a surrogate pair");
      }
      return CodePoints.of(c);
    }
    int value = 0;
    while (!source.take('}')) {
      value = value * 16 + source.hex(1);
      if (value > CodePoints.MAX) {
        throw source.error("expected a character up to U+10FFFF");
      }
    }
    return CodePoints.of(value);
  }

  private CodePoints property() {
    if (!source.take('{')) {
      throw source.error("expected { after \\p");
    }
    StringBuilder name = new StringBuilder();
    while (!source.take('}')) {
      name.appendCodePoint(source.next());
    }
    return CharacterClasses.property(name.toString())
        .orElseThrow(() -> source.error("the class \\p{" + name + "} is not supported"));
  }
}
