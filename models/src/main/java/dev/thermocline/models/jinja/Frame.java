package dev.thermocline.models.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a part of a template runs: its variables, the scope around it, and where it writes. */
final class Frame {

  /** What all frames of one rendering share. */
  static final class Session {
    final Budget budget = new Budget();
    final LocalDateTime now;
    int line = 1;

    Session(LocalDateTime now) {
      this.now = now;
    }
  }

  private final Session session;
  private final @Nullable Frame outer;
  private final Map<String, Object> variables = new HashMap<>();
  private final TextBuilder out;

  private Frame(Session session, @Nullable Frame outer, TextBuilder out) {
    this.session = session;
    this.outer = outer;
    this.out = out;
  }

  static Frame root(LocalDateTime now) {
    return new Frame(new Session(now), null, new TextBuilder());
  }

  /** A scope inside this one that writes to the same place. */
  Frame inner() {
    return new Frame(session, this, out);
  }

  /** A scope inside this one whose output is kept apart. */
  Frame capturing() {
    return new Frame(session, this, new TextBuilder());
  }

  Object lookup(String name) {
    for (Frame frame = this; frame != null; frame = frame.outer) {
      Object value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    Object global = Globals.find(name);
    return global == null ? Undefined.name(name) : global;
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object eval(Expression expression) {
    session.budget.enter();
    Object value = expression.eval(this);
    session.budget.leave();
    return value;
  }

  List<Object> evalAll(List<Expression> expressions) {
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(eval(expression));
    }
    return values;
  }

  /** Runs statements until one of them leaves the loop around them. */
  Statement.Flow run(List<Statement> body) {
    session.budget.enter();
    Statement.Flow flow = Statement.Flow.ON;
    for (int i = 0; i < body.size() && flow == Statement.Flow.ON; i++) {
      session.budget.charge(0);
      flow = body.get(i).run(this);
    }
    session.budget.leave();
    return flow;
  }

  void write(Text text) {
    session.budget.fits(out.length() + (long) text.length());
    session.budget.charge(text.length());
    out.append(text);
  }

  Text written() {
    return out.build();
  }

  Budget budget() {
    return session.budget;
  }

  LocalDateTime now() {
    return session.now;
  }

  int line() {
    return session.line;
  }

  void at(int line) {
    session.line = line;
  }
}
