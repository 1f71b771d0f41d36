package dev.thermocline.models.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with Jinja's options {@code trim_blocks} and {@code lstrip_blocks}
 * on: the newline after a block goes, and so do the blanks before one that begins a line; a minus
 * sign takes all white space, a plus sign keeps it.
 */
final class Lexer {
  private static final Pattern BEGIN = Pattern.compile("\\{[%{#]");
  private static final Pattern RAW =
      Pattern.compile("\\{%[-+]?\\s*raw\\s*(?:-%\\}\\s*|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_RAW =
      Pattern.compile(
          "\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern COMMENT_END =
      Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern BLOCK_END =
      Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern PRINT_END =
      Pattern.compile("-\\}\\}\\s*|\\}\\}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(?:\\d+_)*+\\d+(?:(?:\\.(?:\\d+_)*+\\d+)?[eE][+-]?(?:\\d+_)*+\\d+"
              + "|\\.(?:\\d+_)*+\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|\\d(?:_?\\d)*+");
  private static final Pattern NAME = Pattern.compile("[\\w]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern STRING =
      Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~\\[\\](){}<>=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int line = 1;
  private int counted;
  private boolean lineStart = true;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens of a template; the last one is {@link Token.Kind#END}. */
  static List<Token> tokens(String template) {
    String lines = template.replace("\r\n", "\n").replace('\r', '\n');
    // Of the newlines at its end a template loses one.
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    Matcher begin = BEGIN.matcher(source);
    while (at < source.length() && begin.find(at)) {
      String tag = begin.group();
      char sign = begin.end() < source.length() ? source.charAt(begin.end()) : ' ';
      data(source.substring(at, begin.start()), sign, !tag.equals("{{"));
      moveTo(begin.start());
      switch (tag) {
        case "{#" -> comment();
        case "{%" -> block();
        default -> print();
      }
    }
    data(source.substring(at), ' ', false);
    moveTo(source.length());
    add(Token.Kind.END, "");
  }

  private void moveTo(int next) {
    at = next;
    for (; counted < at; counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    lineStart = at == 0 || source.charAt(at - 1) == '\n';
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  /** Text before a tag whose brace is followed by {@code sign}. */
  private void data(String text, char sign, boolean stripsLine) {
    String kept = text;
    if (sign == '-') {
      kept = Python.stripEnd(text);
    } else if (sign != '+' && stripsLine) {
      int last = text.lastIndexOf('\n') + 1;
      if ((last > 0 || lineStart) && SPACE.matcher(text).region(last, text.length()).matches()) {
        kept = text.substring(0, last);
      }
    }
    if (!kept.isEmpty()) {
      add(Token.Kind.DATA, kept);
    }
  }

  private void comment() {
    Matcher end = COMMENT_END.matcher(source);
    if (!end.find(at + 2)) {
      throw TemplateException.syntax(line, "expected '#}' to end the comment that begins here");
    }
    moveTo(end.end());
  }

  private void block() {
    Matcher raw = RAW.matcher(source).region(at, source.length());
    if (raw.lookingAt()) {
      raw(raw.end());
      return;
    }
    tag(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, BLOCK_END);
  }

  private void print() {
    tag(Token.Kind.PRINT_BEGIN, Token.Kind.PRINT_END, PRINT_END);
  }

  private void raw(int from) {
    Matcher end = END_RAW.matcher(source);
    if (!end.find(from)) {
      throw TemplateException.syntax(line, "expected '{% endraw %}' after '{% raw %}'");
    }
    moveTo(from);
    String sign = end.group(1);
    data(source.substring(from, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true);
    moveTo(end.end());
  }

  private void tag(Token.Kind begin, Token.Kind end, Pattern endPattern) {
    int beginLine = line;
    add(begin, source.substring(at, at + 2));
    char sign = at + 2 < source.length() ? source.charAt(at + 2) : ' ';
    moveTo(at + (sign == '-' || sign == '+' ? 3 : 2));
    open.clear();
    Matcher matcher = SPACE.matcher(source);
    while (true) {
      if (take(matcher, SPACE)) {
        moveTo(matcher.end());
      }
      if (at >= source.length()) {
        throw TemplateException.syntax(
            beginLine,
            "expected " + (end == Token.Kind.PRINT_END ? "'}}'" : "'%}'") + " to end this tag");
      }
      if (open.isEmpty() && take(matcher, endPattern)) {
        add(end, "");
        moveTo(matcher.end());
        return;
      }
      piece(matcher);
    }
  }

  private boolean take(Matcher matcher, Pattern pattern) {
    // Transparent bounds let a number see the dot before it.
    matcher.usePattern(pattern).useTransparentBounds(true).region(at, source.length());
    return matcher.lookingAt();
  }

  private void piece(Matcher matcher) {
    if (take(matcher, FLOAT)) {
      add(Token.Kind.FLOAT, matcher.group().replace("_", ""));
    } else if (take(matcher, INTEGER)) {
      add(Token.Kind.INTEGER, matcher.group().replace("_", ""));
    } else if (take(matcher, NAME)) {
      add(Token.Kind.NAME, matcher.group());
    } else if (take(matcher, STRING)) {
      String quoted = matcher.group();
      add(Token.Kind.STRING, Python.unescape(quoted.substring(1, quoted.length() - 1), line));
    } else if (take(matcher, OPERATOR)) {
      balance(matcher.group());
      add(Token.Kind.OPERATOR, matcher.group());
    } else {
      throw TemplateException.syntax(
          line,
          "expected an expression, found '" + Character.toString(source.codePointAt(at)) + "'");
    }
    moveTo(matcher.end());
  }

  /** Inside brackets a closing brace cannot end the tag. */
  private void balance(String operator) {
    char c = operator.charAt(0);
    if (c == '(' || c == '[' || c == '{') {
      open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
    } else if (c == ')' || c == ']' || c == '}') {
      if (open.isEmpty() || open.pop() != c) {
        throw TemplateException.syntax(line, "expected no '" + c + "' here: it closes nothing");
      }
    }
  }
}
