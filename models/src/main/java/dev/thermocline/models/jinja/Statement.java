package dev.thermocline.models.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that writes or changes variables. Run through {@link Frame#run}. */
sealed interface Statement {

  /** How a statement ended. */
  enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  Flow run(Frame frame);

  /** Text of the template itself. */
  record Data(Text text) implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.write(text);
      return Flow.ON;
    }
  }

  /** <code>{{ value }}</code>. */
  record Print(int line, Expression value) implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.at(line);
      frame.write(Values.text(frame.eval(value)));
      return Flow.ON;
    }
  }

  /** {@code if} with its {@code elif} branches: a body for every test, and one for none. */
  record If(
      List<Integer> lines,
      List<Expression> tests,
      List<List<Statement>> bodies,
      List<Statement> otherwise)
      implements Statement {
    @Override
    public Flow run(Frame frame) {
      for (int i = 0; i < tests.size(); i++) {
        frame.at(lines.get(i));
        if (Values.truth(frame.eval(tests.get(i)))) {
          return frame.run(bodies.get(i));
        }
      }
      return frame.run(otherwise);
    }
  }

  /** {@code set target = value}, {@code with}-assignments. */
  record Assign(int line, Target target, Expression value) implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.at(line);
      target.assign(frame, frame.eval(value));
      return Flow.ON;
    }
  }

  /** {@code set target}body{@code endset}; {@code filters} take the body as {@link Body}. */
  record AssignBlock(Target target, List<Statement> body, Expression filtered, Body text)
      implements Statement {
    @Override
    public Flow run(Frame frame) {
      target.assign(frame, text.apply(frame, body, filtered));
      return Flow.ON;
    }
  }

  /** {@code filter name}body{@code endfilter}. */
  record FilterBlock(List<Statement> body, Expression filtered, Body text) implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.write(Values.text(text.apply(frame, body, filtered)));
      return Flow.ON;
    }
  }

  /** The name under which filters find the text of a block that they apply to. */
  record Body(String name) {
    Object apply(Frame frame, List<Statement> body, Expression filtered) {
      Frame inner = frame.capturing();
      inner.run(body);
      inner.set(name, inner.written());
      return inner.eval(filtered);
    }
  }

  /** Statements in a scope of their own: {@code with}, {@code block}, {@code generation}. */
  record Scope(List<Statement> body) implements Statement {
    @Override
    public Flow run(Frame frame) {
      return frame.inner().run(body);
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Flow flow) implements Statement {
    @Override
    public Flow run(Frame frame) {
      return flow;
    }
  }

  /** {@code for target in values if test}. */
  record For(
      int line,
      Target target,
      Expression values,
      @Nullable Expression test,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.at(line);
      Loop.run(this, frame, frame.eval(values), 0);
      return Flow.ON;
    }
  }

  /** A macro's definition. */
  record Define(MacroNode macro) implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.set(macro.name(), new Macro(macro, frame));
      return Flow.ON;
    }
  }

  /** {@code call(parameters) callee(arguments)}body{@code endcall}. */
  record CallBlock(int line, Expression.Call call, MacroNode body) implements Statement {
    @Override
    public Flow run(Frame frame) {
      frame.at(line);
      Arguments arguments = call.arguments().eval(frame);
      arguments.named().put(Text.of("caller"), new Macro(body, frame));
      frame.write(Values.text(Values.call(frame.eval(call.callee()), arguments, frame)));
      return Flow.ON;
    }
  }

  /**
   * What a macro consists of.
   *
   * @param defaults of the last parameters
   * @param names all names in its body, which tell whether it takes further arguments
   */
  record MacroNode(
      String name,
      List<String> parameters,
      List<Expression> defaults,
      List<Statement> body,
      java.util.Set<String> names) {}
}
