package dev.thermocline.engine.constrain.automaton;

import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.engine.constrain.TokenConstraint;
import dev.thermocline.engine.constrain.grammar.Expr;

/**
 * A grammar over a vocabulary. What its sequences find out about it is shared: states, what follows
 * from them, and masks. One lock guards all of that.
 */
public final class GrammarConstraint implements Constraint {
  /** A few megabytes at 100,000 tokens; a schema uses a few dozen. */
  private static final int MOST_MASKS = 256;

  private static final int MOST_STATES = 4096;

  private final TokenTrie trie;
  private final Automaton automaton;
  private final State first;
  private final State[] path;
  private final byte[] classes = new byte[256];
  private int masks;

  /**
   * Compiles.
   *
   * @throws ConstraintException if the grammar cannot be enforced
   */
  public GrammarConstraint(Expr grammar, TokenTrie trie) {
    this.trie = trie;
    this.automaton = new Automaton(ProgramBuilder.compile(grammar), trie.longest(), MOST_STATES);
    this.path = new State[trie.longest() + 1];
    for (int value = 0; value < 256; value++) {
      classes[value] = (byte) automaton.classes().ofByte(value);
    }
    this.first = automaton.start();
  }

  @Override
  public TokenConstraint start() {
    return new Cursor();
  }

  private synchronized boolean fill(State state, long[] out) {
    State model = automaton.model(state);
    long[] known = model.mask;
    if (known == null) {
      automaton.budget.refill();
      known = compute(model);
      if (++masks > MOST_MASKS) {
        automaton.forgetMasks();
        masks = 1;
      }
      model.mask = known;
    }
    System.arraycopy(known, 0, out, 0, known.length);
    for (long word : known) {
      if (word != 0) {
        return true;
      }
    }
    return false;
  }

  private long[] compute(State state) {
    long[] mask = new long[(trie.vocabulary() + 63) / 64];
    walk(state, mask);
    if (automaton.classes().hasSpecials()) {
      for (int token : trie.specials()) {
        if (!automaton.next(state, automaton.classes().ofToken(token)).isDead()) {
          set(mask, token);
        }
      }
    }
    if (state.accepting) {
      for (int token : trie.ends()) {
        set(mask, token);
      }
    }
    return mask;
  }

  private static void set(long[] mask, int token) {
    mask[token >> 6] |= 1L << token;
  }

  private void walk(State from, long[] mask) {
    path[0] = from;
    int count = trie.symbol.length;
    for (int i = 0; i < count; ) {
      int depth = trie.depth[i];
      State next = automaton.next(path[depth], classes[trie.symbol[i] & 0xff] & 0xff);
      if (next.isDead()) {
        i = trie.end[i];
        continue;
      }
      path[depth + 1] = next;
      for (int token = trie.token[i]; token >= 0; token = trie.same[token]) {
        set(mask, token);
      }
      i++;
    }
  }

  /** The state after a token, dead if it may not come. */
  private synchronized State after(State state, int token) {
    automaton.budget.refill();
    if (trie.isSpecial(token)) {
      return automaton.next(state, automaton.classes().ofToken(token));
    }
    byte[] piece = trie.piece(token);
    State at = piece.length == 0 ? automaton.dead() : state;
    for (byte symbol : piece) {
      at = automaton.next(at, classes[symbol & 0xff] & 0xff);
    }
    return at;
  }

  /** One sequence. */
  private final class Cursor implements TokenConstraint {
    private State state = first;
    private boolean ended;

    @Override
    public boolean fill(long[] mask) {
      return GrammarConstraint.this.fill(state, mask);
    }

    @Override
    public void advance(int token) {
      if (trie.isEnd(token)) {
        if (!state.accepting) {
          throw new ConstraintException("constraint: the text may not end here");
        }
        ended = true;
        return;
      }
      State next = ended ? automaton.dead() : after(state, token);
      if (next.isDead()) {
        throw new ConstraintException("constraint: token " + token + " may not come here");
      }
      state = next;
    }

    @Override
    public boolean isComplete() {
      return state.accepting;
    }

    @Override
    public boolean isFinished() {
      return ended || state.accepting && state.nodes.length == 0;
    }
  }
}
