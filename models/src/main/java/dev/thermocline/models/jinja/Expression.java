package dev.thermocline.models.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that has a value. Evaluated through {@link Frame#eval}, which counts steps and depth. */
sealed interface Expression {
  Object eval(Frame frame);

  /** A value known when the template is compiled. */
  record Constant(Object value) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return value;
    }
  }

  /** A variable. */
  record Name(String name) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return frame.lookup(name);
    }
  }

  /** A list or tuple. */
  record Sequence(List<Expression> items, ListValue.Kind kind) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return new ListValue(frame.evalAll(items), kind);
    }
  }

  /** A dictionary; keys and values alternate. */
  record Dictionary(List<Expression> items) implements Expression {
    @Override
    public Object eval(Frame frame) {
      DictValue dictionary = new DictValue();
      for (int i = 0; i < items.size(); i += 2) {
        dictionary.put(frame.eval(items.get(i)), frame.eval(items.get(i + 1)));
      }
      return dictionary;
    }
  }

  /** {@code of.name}: a method or attribute first, then an item. */
  record Attribute(Expression of, String name) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Members.attribute(frame.eval(of), name);
    }
  }

  /** {@code of[index]}: an item first, then a method or attribute. */
  record Item(Expression of, Expression index) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Members.item(frame.eval(of), frame.eval(index));
    }
  }

  /** {@code of[from:to:step]}. */
  record Slice(
      Expression of, @Nullable Expression from, @Nullable Expression to, @Nullable Expression step)
      implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Slices.slice(frame.eval(of), bound(frame, from), bound(frame, to), bound(frame, step));
    }

    private static @Nullable Long bound(Frame frame, @Nullable Expression bound) {
      Object value = bound == null ? None.NONE : frame.eval(bound);
      return value == None.NONE ? null : Numbers.index(value);
    }
  }

  /** A call of whatever {@code callee} is. */
  record Call(Expression callee, ArgumentList arguments) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Values.call(frame.eval(callee), arguments.eval(frame), frame);
    }
  }

  /** {@code of|name(arguments)}; without {@code of} in a filter block. */
  record Filter(Expression of, String name, ArgumentList arguments) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Filters.apply(name, frame.eval(of), arguments.eval(frame), frame);
    }
  }

  /** {@code of is name(arguments)}. */
  record Test(Expression of, String name, ArgumentList arguments) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Tests.test(name, frame.eval(of), arguments.eval(frame));
    }
  }

  /** {@code not of}. */
  record Not(Expression of) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return !Values.truth(frame.eval(of));
    }
  }

  /** {@code -of} or {@code +of}. */
  record Sign(Expression of, boolean negative) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Numbers.sign(frame.eval(of), negative);
    }
  }

  /** An operator of two numbers, strings or lists. */
  record Arithmetic(String operator, Expression left, Expression right) implements Expression {
    @Override
    public Object eval(Frame frame) {
      return Operators.apply(operator, frame.eval(left), frame.eval(right), frame.budget());
    }
  }

  /** {@code a ~ b ~ c}: all as strings. */
  record Concatenation(List<Expression> parts) implements Expression {
    @Override
    public Object eval(Frame frame) {
      // Unlike plus, this makes an ordinary string of safe HTML too.
      TextBuilder all = new TextBuilder();
      for (Expression part : parts) {
        all.append(Values.text(frame.eval(part)));
        frame.budget().fits(all.length());
      }
      return all.build();
    }
  }

  /** {@code a and b}, {@code a or b}: the value that decides. */
  record Logic(boolean or, Expression left, Expression right) implements Expression {
    @Override
    public Object eval(Frame frame) {
      Object first = frame.eval(left);
      return Values.truth(first) == or ? first : frame.eval(right);
    }
  }

  /** {@code a < b <= c}: every neighbouring pair must hold. */
  record Comparison(Expression first, List<String> operators, List<Expression> rest)
      implements Expression {
    @Override
    public Object eval(Frame frame) {
      Object left = frame.eval(first);
      for (int i = 0; i < rest.size(); i++) {
        Object right = frame.eval(rest.get(i));
        frame.budget().charge(Values.weight(right));
        if (!Operators.compare(operators.get(i), left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    }
  }

  /** {@code then if test else otherwise}. */
  record Condition(Expression test, Expression then, @Nullable Expression otherwise)
      implements Expression {
    @Override
    public Object eval(Frame frame) {
      if (Values.truth(frame.eval(test))) {
        return frame.eval(then);
      }
      return otherwise == null
          ? new Undefined("the inline if-expression was false and has no else")
          : frame.eval(otherwise);
    }
  }

  /**
   * Arguments as written.
   *
   * @param star a sequence of further ones, or null
   * @param starStar a dictionary of further named ones, or null
   */
  record ArgumentList(
      List<Expression> positional,
      List<String> names,
      List<Expression> named,
      @Nullable Expression star,
      @Nullable Expression starStar) {
    static final ArgumentList NONE = new ArgumentList(List.of(), List.of(), List.of(), null, null);

    Arguments eval(Frame frame) {
      List<Object> values = new ArrayList<>(frame.evalAll(positional));
      DictValue keywords = new DictValue();
      for (int i = 0; i < names.size(); i++) {
        keywords.put(Text.of(names.get(i)), frame.eval(named.get(i)));
      }
      if (star != null) {
        values.addAll(Values.iterate(frame.eval(star)));
      }
      if (starStar != null) {
        Values.dictionary(frame.eval(starStar))
            .entries()
            .forEach(e -> keywords.put(e.getKey(), e.getValue()));
      }
      return new Arguments(values, keywords);
    }
  }
}
