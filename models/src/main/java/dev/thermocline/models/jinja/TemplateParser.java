package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a whole template: text, printed expressions and statements. */
final class TemplateParser extends ExpressionParser {
  private int bodies;

  private TemplateParser(List<Token> tokens) {
    super(tokens);
  }

  /**
   * The statements of a template.
   *
   * @throws TemplateException if it does not parse
   */
  static List<Statement> parse(String source) {
    TemplateParser parser = new TemplateParser(Lexer.tokens(source));
    List<Statement> body = parser.body(Set.of());
    if (parser.current().kind() != Token.Kind.END) {
      throw parser.expected("the end of the template");
    }
    return body;
  }

  /** Statements up to a block that begins with one of {@code ends}, whose name comes next then. */
  private List<Statement> body(Set<String> ends) {
    enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      switch (current().kind()) {
        case DATA -> body.add(new Statement.Data(Text.of(next().text())));
        case PRINT_BEGIN -> body.add(print());
        case BLOCK_BEGIN -> {
          next();
          if (ends.contains(current().text())) {
            leave();
            return body;
          }
          body.add(statement(ends));
        }
        case BLOCK_END, PRINT_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END -> {
          if (!ends.isEmpty()) {
            throw expected("one of " + new java.util.TreeSet<>(ends));
          }
          leave();
          return body;
        }
      }
    }
  }

  /** A body and the tag that ends it. */
  private List<Statement> bodyUntil(String end) {
    List<Statement> body = body(Set.of(end));
    next();
    endBlock();
    return body;
  }

  private void endBlock() {
    expect(Token.Kind.BLOCK_END, "'%}'");
  }

  private Statement print() {
    int line = next().line();
    Expression value = tuple(true);
    expect(Token.Kind.PRINT_END, "'}}'");
    return new Statement.Print(line, value);
  }

  private Statement statement(Set<String> ends) {
    int line = current().line();
    String name = expectName("the name of a statement");
    return switch (name) {
      case "if" -> ifStatement(line);
      case "for" -> forStatement(line);
      case "set" -> setStatement(line);
      case "macro" -> macro();
      case "call" -> callBlock(line);
      case "filter" -> filterBlock();
      case "with" -> with(line);
      case "break" -> jump(Statement.Flow.BREAK);
      case "continue" -> jump(Statement.Flow.CONTINUE);
      case "generation" -> generation();
      case "block" -> block();
      case "autoescape" -> autoescape();
      default ->
          throw TemplateException.syntax(
              line,
              "expected a statement"
                  + (ends.isEmpty() ? "" : " or one of " + new java.util.TreeSet<>(ends))
                  + ", found unknown tag '"
                  + name
                  + "'");
    };
  }

  private Statement ifStatement(int firstLine) {
    List<Integer> lines = new ArrayList<>(List.of(firstLine));
    List<Expression> tests = new ArrayList<>();
    List<List<Statement>> branches = new ArrayList<>();
    while (true) {
      tests.add(tuple(false));
      endBlock();
      branches.add(body(Set.of("elif", "else", "endif")));
      Token end = next();
      if (end.isName("elif")) {
        lines.add(end.line());
        continue;
      }
      endBlock();
      List<Statement> otherwise = end.isName("else") ? bodyUntil("endif") : List.of();
      return new Statement.If(lines, tests, branches, otherwise);
    }
  }

  private Statement forStatement(int line) {
    Target target = target(false);
    if (!acceptName("in")) {
      throw expected("'in'");
    }
    Expression values = tuple(false);
    Expression test = acceptName("if") ? expression() : null;
    boolean recursive = acceptName("recursive");
    endBlock();
    List<Statement> body = body(Set.of("else", "endfor"));
    boolean hasElse = next().isName("else");
    endBlock();
    List<Statement> otherwise = hasElse ? bodyUntil("endfor") : List.of();
    return new Statement.For(line, target, values, test, recursive, body, otherwise);
  }

  private Target target(boolean attributes) {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    do {
      if (!targets.isEmpty() && current().kind() != Token.Kind.NAME) {
        break; // a comma at the end
      }
      targets.add(oneTarget(attributes));
      several |= current().isOperator(",");
    } while (accept(","));
    return several ? new Target.Unpacking(targets) : targets.getFirst();
  }

  private Target oneTarget(boolean attributes) {
    if (accept("(")) {
      enter();
      Target inner = target(attributes);
      leave();
      expect(")");
      return inner;
    }
    String name = expectName("a name to assign to");
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw TemplateException.syntax(current().line(), "expected a name, found '" + name + "'");
    }
    if (attributes && accept(".")) {
      return new Target.NamespaceAttribute(name, expectName("the name of an attribute"));
    }
    return new Target.Variable(name);
  }

  private Statement setStatement(int line) {
    Target target = target(true);
    if (accept("=")) {
      Expression value = tuple(true);
      endBlock();
      return new Statement.Assign(line, target, value);
    }
    Statement.Body text = newBody();
    Expression filtered = filters(new Expression.Name(text.name()));
    endBlock();
    return new Statement.AssignBlock(target, bodyUntil("endset"), filtered, text);
  }

  /** A name that no template can use. */
  private Statement.Body newBody() {
    return new Statement.Body("{" + bodies++ + "}");
  }

  private Statement filterBlock() {
    Statement.Body text = newBody();
    Expression filtered = filters(filter(new Expression.Name(text.name())));
    endBlock();
    return new Statement.FilterBlock(bodyUntil("endfilter"), filtered, text);
  }

  private Statement macro() {
    String name = expectName("the name of a macro");
    Set<String> names = beginNames();
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    parameters(parameters, defaults);
    endBlock();
    List<Statement> body = bodyUntil("endmacro");
    endNames();
    return new Statement.Define(new Statement.MacroNode(name, parameters, defaults, body, names));
  }

  private void parameters(List<String> names, List<Expression> defaults) {
    expect("(");
    while (!accept(")")) {
      names.add(expectName("the name of a parameter"));
      if (accept("=")) {
        defaults.add(expression());
      } else if (!defaults.isEmpty()) {
        throw expected("'=': parameters after one with a default need one too");
      }
      if (!current().isOperator(")")) {
        expect(",");
      }
    }
  }

  private Statement callBlock(int line) {
    Set<String> names = beginNames();
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (current().isOperator("(")) {
      parameters(parameters, defaults);
    }
    if (!(expression() instanceof Expression.Call call)) {
      throw expected("a call");
    }
    endBlock();
    List<Statement> body = bodyUntil("endcall");
    endNames();
    return new Statement.CallBlock(
        line, call, new Statement.MacroNode("caller", parameters, defaults, body, names));
  }

  private Statement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (current().kind() == Token.Kind.NAME) {
      targets.add(oneTarget(false));
      expect("=");
      values.add(expression());
      if (!accept(",")) {
        break;
      }
    }
    endBlock();
    // Values see the variables around the block, not each other.
    Expression all = new Expression.Sequence(values, ListValue.Kind.TUPLE);
    List<Statement> body = new ArrayList<>();
    body.add(new Statement.Assign(line, new Target.Unpacking(targets), all));
    body.addAll(bodyUntil("endwith"));
    return new Statement.Scope(body);
  }

  private Statement jump(Statement.Flow flow) {
    endBlock();
    return new Statement.Jump(flow);
  }

  /** A tag that marks what the model itself said; its body has a scope of its own. */
  private Statement generation() {
    endBlock();
    return new Statement.Scope(bodyUntil("endgeneration"));
  }

  private Statement block() {
    expectName("the name of a block");
    acceptName("scoped");
    acceptName("required");
    endBlock();
    List<Statement> body = body(Set.of("endblock"));
    next();
    if (current().kind() == Token.Kind.NAME) {
      next();
    }
    endBlock();
    return new Statement.Scope(body);
  }

  /** Nothing is escaped here whatever the tag says: prompts are no HTML. */
  private Statement autoescape() {
    expression();
    endBlock();
    return new Statement.Scope(bodyUntil("endautoescape"));
  }
}
