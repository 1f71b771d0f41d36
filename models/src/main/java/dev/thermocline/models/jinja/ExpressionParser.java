package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions by Jinja's grammar, loosest first: inline if, or, and, not, comparison, sum,
 * {@code ~}, product, power, sign, then filters, tests, members and calls.
 */
class ExpressionParser extends Parser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  ExpressionParser(List<Token> tokens) {
    super(tokens);
  }

  final Expression expression() {
    return expression(true);
  }

  final Expression expression(boolean withCondition) {
    enter();
    Expression result = or();
    while (withCondition && acceptName("if")) {
      Expression test = or();
      Expression otherwise = acceptName("else") ? expression() : null;
      result = new Expression.Condition(test, result, otherwise);
    }
    leave();
    return result;
  }

  private Expression or() {
    Expression left = and();
    while (acceptName("or")) {
      left = new Expression.Logic(true, left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (acceptName("and")) {
      left = new Expression.Logic(false, left, not());
    }
    return left;
  }

  private Expression not() {
    int count = 0;
    while (acceptName("not")) {
      count++;
    }
    Expression result = comparison();
    for (int i = 0; i < Math.min(count, 2 + count % 2); i++) {
      result = new Expression.Not(result);
    }
    return result;
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    while (true) {
      String operator = comparisonOperator();
      if (operator == null) {
        return rest.isEmpty() ? first : new Expression.Comparison(first, operators, rest);
      }
      operators.add(operator);
      rest.add(sum());
    }
  }

  private @Nullable String comparisonOperator() {
    if (current().kind() == Token.Kind.OPERATOR && COMPARISONS.contains(current().text())) {
      return next().text();
    }
    if (acceptName("in")) {
      return "in";
    }
    if (current().isName("not") && peek().isName("in")) {
      next();
      next();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (current().isOperator("+") || current().isOperator("-")) {
      left = new Expression.Arithmetic(next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression first = product();
    if (!current().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (accept("~")) {
      parts.add(product());
    }
    return new Expression.Concatenation(parts);
  }

  private Expression product() {
    Expression left = power();
    while (current().isOperator("*")
        || current().isOperator("/")
        || current().isOperator("//")
        || current().isOperator("%")) {
      left = new Expression.Arithmetic(next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = signed(true);
    while (accept("**")) {
      left = new Expression.Arithmetic("**", left, signed(true));
    }
    return left;
  }

  private Expression signed(boolean withFilters) {
    Expression result;
    if (current().isOperator("-") || current().isOperator("+")) {
      enter();
      boolean negative = next().isOperator("-");
      result = new Expression.Sign(signed(false), negative);
      leave();
    } else {
      result = primary();
    }
    result = postfix(result);
    return withFilters ? filters(result) : result;
  }

  private Expression primary() {
    Token token = next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> string(token.text());
      case INTEGER -> new Expression.Constant(Numbers.parseInteger(token.text(), token.line()));
      case FLOAT -> new Expression.Constant(Double.parseDouble(token.text()));
      case OPERATOR -> bracketed(token);
      case DATA, BLOCK_BEGIN, BLOCK_END, PRINT_BEGIN, PRINT_END, END -> throw unexpected(token);
    };
  }

  private static TemplateException unexpected(Token token) {
    return TemplateException.syntax(
        token.line(), "expected an expression, found " + token.describe());
  }

  private Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Constant(true);
      case "false", "False" -> new Expression.Constant(false);
      case "none", "None" -> new Expression.Constant(None.NONE);
      default -> {
        use(name);
        yield new Expression.Name(name);
      }
    };
  }

  private Expression string(String first) {
    StringBuilder all = new StringBuilder(first);
    while (current().kind() == Token.Kind.STRING) {
      all.append(next().text());
    }
    return new Expression.Constant(Text.of(all.toString()));
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> parenthesized();
      case "[" -> new Expression.Sequence(items("]"), ListValue.Kind.LIST);
      case "{" -> dictionary();
      default -> throw unexpected(token);
    };
  }

  private Expression parenthesized() {
    if (accept(")")) {
      return new Expression.Sequence(List.of(), ListValue.Kind.TUPLE);
    }
    Expression first = expression();
    if (accept(")")) {
      return first;
    }
    expect(",");
    List<Expression> items = new ArrayList<>(List.of(first));
    items.addAll(items(")"));
    return new Expression.Sequence(items, ListValue.Kind.TUPLE);
  }

  /** Expressions separated by commas, up to and with the closing bracket. */
  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!accept(close)) {
      items.add(expression());
      if (!current().isOperator(close)) {
        expect(",");
      }
    }
    return items;
  }

  private Expression dictionary() {
    List<Expression> items = new ArrayList<>();
    while (!accept("}")) {
      items.add(expression());
      expect(":");
      items.add(expression());
      if (!current().isOperator("}")) {
        expect(",");
      }
    }
    return new Expression.Dictionary(items);
  }

  private Expression postfix(Expression of) {
    Expression result = of;
    while (true) {
      if (accept(".")) {
        result = member(result);
      } else if (accept("[")) {
        result = subscript(result);
      } else if (current().isOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  private Expression member(Expression of) {
    if (current().kind() == Token.Kind.INTEGER) {
      Token token = next();
      Object index = Numbers.parseInteger(token.text(), token.line());
      return new Expression.Item(of, new Expression.Constant(index));
    }
    return new Expression.Attribute(of, expectName("a name after '.'"));
  }

  private Expression subscript(Expression of) {
    Expression from = current().isOperator(":") ? null : expression();
    if (from != null && accept("]")) {
      return new Expression.Item(of, from);
    }
    if (from != null && accept(",")) {
      List<Expression> items = new ArrayList<>(List.of(from));
      items.addAll(items("]"));
      return new Expression.Item(of, new Expression.Sequence(items, ListValue.Kind.TUPLE));
    }
    expect(":");
    Expression to = bound();
    Expression step = accept(":") ? bound() : null;
    expect("]");
    return new Expression.Slice(of, from, to, step);
  }

  private @Nullable Expression bound() {
    return current().isOperator(":") || current().isOperator("]") ? null : expression();
  }

  final Expression filters(Expression of) {
    Expression result = of;
    while (true) {
      if (accept("|")) {
        result = filter(result);
      } else if (acceptName("is")) {
        result = test(result);
      } else if (current().isOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  /** A filter whose bar has been read. */
  final Expression filter(Expression of) {
    String name = dotted("the name of a filter");
    return new Expression.Filter(of, name, optionalArguments());
  }

  private String dotted(String what) {
    StringBuilder name = new StringBuilder(expectName(what));
    while (accept(".")) {
      name.append('.').append(expectName(what));
    }
    return name.toString();
  }

  private Expression.ArgumentList optionalArguments() {
    return current().isOperator("(") ? arguments() : Expression.ArgumentList.NONE;
  }

  private Expression test(Expression of) {
    boolean negated = acceptName("not");
    String name = dotted("the name of a test");
    boolean bracketed = current().isOperator("(");
    Expression.ArgumentList arguments = optionalArguments();
    if (!bracketed && startsOperand()) {
      if (current().isName("is")) {
        throw expected("no second 'is': tests cannot be chained");
      }
      enter();
      List<Expression> operand = List.of(postfix(primary()));
      leave();
      arguments = new Expression.ArgumentList(operand, List.of(), List.of(), null, null);
    }
    Expression result = new Expression.Test(of, name, arguments);
    return negated ? new Expression.Not(result) : result;
  }

  private boolean startsOperand() {
    return switch (current().kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !Set.of("else", "or", "and", "if", "in", "not").contains(current().text());
      case OPERATOR -> Set.of("[", "{").contains(current().text());
      case DATA, BLOCK_BEGIN, BLOCK_END, PRINT_BEGIN, PRINT_END, END -> false;
    };
  }

  final Expression.ArgumentList arguments() {
    expect("(");
    List<Expression> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expression> named = new ArrayList<>();
    Expression star = null;
    Expression starStar = null;
    while (!accept(")")) {
      if (accept("*")) {
        star = expression();
      } else if (accept("**")) {
        starStar = expression();
      } else if (current().kind() == Token.Kind.NAME && peek().isOperator("=")) {
        names.add(next().text());
        next();
        named.add(expression());
      } else if (names.isEmpty() && starStar == null) {
        positional.add(expression());
      } else {
        throw expected("a named argument after a named one");
      }
      if (!current().isOperator(")")) {
        expect(",");
      }
    }
    return new Expression.ArgumentList(positional, names, named, star, starStar);
  }

  /** One expression, or several separated by commas as a tuple. */
  final Expression tuple(boolean withCondition) {
    Expression first = expression(withCondition);
    if (!current().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (accept(",")
        && current().kind() != Token.Kind.BLOCK_END
        && current().kind() != Token.Kind.PRINT_END) {
      items.add(expression(withCondition));
    }
    return new Expression.Sequence(items, ListValue.Kind.TUPLE);
  }
}
