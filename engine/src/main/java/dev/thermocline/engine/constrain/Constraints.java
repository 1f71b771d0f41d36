package dev.thermocline.engine.constrain;

import dev.thermocline.engine.constrain.automaton.GrammarConstraint;
import dev.thermocline.engine.constrain.automaton.TokenTrie;
import dev.thermocline.engine.constrain.gbnf.GbnfParser;
import dev.thermocline.engine.constrain.grammar.Expr;
import dev.thermocline.engine.constrain.grammar.Utf8;
import dev.thermocline.engine.constrain.regex.RegexParser;
import dev.thermocline.engine.constrain.schema.SchemaCompiler;
import dev.thermocline.engine.constrain.tools.ToolGrammar;
import dev.thermocline.engine.tools.ToolCalls;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Compiles what texts must look like for one vocabulary, and remembers what was asked for last.
 * Safe for use by several threads.
 *
 * <pre>{@code
 * Constraint date = engine.constraints().regex("[0-9]{4}-[0-9]{2}-[0-9]{2}");
 * engine.submit(request.withConstraint(date));
 * }</pre>
 *
 * <p>A constraint is about a text's bytes as the tokens spell them; decode it as a continuation, or
 * a leading space may be taken for the one that some vocabularies put before a text.
 */
public final class Constraints {
  /** The schema of any JSON object. */
  public static final String ANY_OBJECT = "{\"type\":\"object\"}";

  private static final int REMEMBERED = 32;

  private final TokenTrie trie;
  private final Map<String, Constraint> compiled = new LinkedHashMap<>(16, 0.75f, true);

  private Constraints(TokenTrie trie) {
    this.trie = trie;
  }

  /**
   * Constraints for a vocabulary.
   *
   * @param vocabulary number of logits, which may differ from the tokenizer's size
   */
  public static Constraints of(Tokenizer tokenizer, int vocabulary) {
    return new Constraints(TokenTrie.of(tokenizer, vocabulary));
  }

  /**
   * Texts that a regular expression matches from the first character to the last.
   *
   * @throws ConstraintException naming the place that is wrong or not supported
   */
  public Constraint regex(String pattern) {
    return get("regex", pattern, source -> RegexParser.whole(source, Utf8::one));
  }

  /**
   * Texts of a grammar in llama.cpp's GBNF.
   *
   * @throws ConstraintException naming the place or rule that is wrong
   */
  public Constraint gbnf(String grammar) {
    return get("gbnf", grammar, GbnfParser::parse);
  }

  /**
   * JSON texts that are valid by a JSON Schema (draft 2020-12, earlier drafts where they differ in
   * names only). Members come in the order of their declaration; an object that declares members
   * has others only where the schema speaks of them.
   *
   * @throws ConstraintException naming the place and keyword that cannot be enforced
   */
  public Constraint jsonSchema(String schema) {
    return get("schema", schema, SchemaCompiler::compile);
  }

  /** Any JSON object. */
  public Constraint jsonObject() {
    return jsonSchema(ANY_OBJECT);
  }

  /**
   * Answers that call tools as they are declared: at least one where the choice says so; otherwise
   * free text, in which whatever begins a call must go on as one.
   *
   * @throws ConstraintException naming the tool, place and keyword that cannot be enforced
   */
  public Constraint toolCalls(ToolCalls calls) {
    Map<String, Integer> markers = trie.specialTexts();
    return get("tools", calls.toString(), source -> ToolGrammar.of(calls, markers, null));
  }

  /**
   * As {@link #toolCalls(ToolCalls)}, where an answer that calls nothing is JSON.
   *
   * @param schema as {@link #jsonSchema} takes it
   * @throws ConstraintException also if the model calls tools in plain JSON
   */
  public Constraint toolCallsOrJson(ToolCalls calls, String schema) {
    Map<String, Integer> markers = trie.specialTexts();
    return get(
        "tools or JSON",
        calls + " " + schema,
        source -> ToolGrammar.of(calls, markers, SchemaCompiler.compile(schema)));
  }

  private Constraint get(String kind, String source, Function<String, Expr> parser) {
    String key = kind + ' ' + source;
    synchronized (compiled) {
      Constraint known = compiled.get(key);
      if (known != null) {
        return known;
      }
    }
    // Compiled outside of the lock: a hostile source may take a while, and others must not wait.
    Constraint made = new GrammarConstraint(parser.apply(source), trie);
    synchronized (compiled) {
      compiled.put(key, made);
      if (compiled.size() > REMEMBERED) {
        compiled.remove(compiled.keySet().iterator().next());
      }
    }
    return made;
  }
}
