package dev.thermocline.models.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reading of tokens that the parsers of expressions and statements share. */
abstract class Parser {
  /** Deep enough for any template, shallow enough for the stack. */
  private static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private final Deque<Set<String>> names = new ArrayDeque<>();
  private int at;
  private int depth;

  Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  final Token current() {
    return tokens.get(at);
  }

  final Token peek() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  final Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  /** Takes the operator if it comes next. */
  final boolean accept(String operator) {
    boolean here = current().isOperator(operator);
    if (here) {
      next();
    }
    return here;
  }

  /** Takes the word if it comes next. */
  final boolean acceptName(String name) {
    boolean here = current().isName(name);
    if (here) {
      next();
    }
    return here;
  }

  final void expect(String operator) {
    if (!accept(operator)) {
      throw expected("'" + operator + "'");
    }
  }

  final String expectName(String what) {
    if (current().kind() != Token.Kind.NAME) {
      throw expected(what);
    }
    return next().text();
  }

  final void expect(Token.Kind kind, String what) {
    if (current().kind() != kind) {
      throw expected(what);
    }
    next();
  }

  final TemplateException expected(String what) {
    return TemplateException.syntax(
        current().line(), "expected " + what + ", found " + current().describe());
  }

  final void enter() {
    if (++depth > MAX_DEPTH) {
      throw TemplateException.syntax(
          current().line(), "expected at most " + MAX_DEPTH + " levels of nesting");
    }
  }

  final void leave() {
    depth--;
  }

  /** Notes a name for the macros being read. */
  final void use(String name) {
    names.forEach(set -> set.add(name));
  }

  final Set<String> beginNames() {
    Set<String> set = new HashSet<>();
    names.push(set);
    return set;
  }

  final void endNames() {
    names.pop();
  }
}
