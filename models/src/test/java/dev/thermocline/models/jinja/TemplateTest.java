package dev.thermocline.models.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.models.tokenizer.PromptText;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2025, 7, 6, 13, 5, 9, 123_456_000);
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "xs", List.of(3L, 1L, 2L),
          "d", Map.of("k", "v"),
          "name", "Ada",
          "rows", List.of(Map.of("g", "b", "v", 1L), Map.of("g", "a", "v", 2L)));

  private static PromptText render(String source) {
    return Template.compile(source).render(VARIABLES, Map.of(), NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }}=>3 -4 2 3.5 1024",
        "{{ 7|round }} {{ 2.5|round }} {{ 3.14159|round(2) }} {{ 1.1|round(0, 'ceil') }}=>7 2.0"
            + " 3.14 2.0",
        "{{ (1,) }} {{ () }} {{ (1, 2) }}=>(1,) () (1, 2)",
        "{{ xs[::-1] }} {{ name[::2] }} {{ xs[-2:] }} {{ xs[5:] }}=>[2, 1, 3] Aa [1, 2] []",
        "{{ '%s is %05.2f' % ('x', 3.14159) }} {{ '{} {b}'.format(1, b=2) }}=>x is 03.14 1 2",
        "{{ 'a-b'|replace('-', '+') }} {{ 'abc'|reverse }} {{ 'x'|center(5) }}|=>a+b cba   x  |",
        "{{ xs|batch(2)|list }} {{ xs|slice(2)|list }}=>[[3, 1], [2]] [[3, 1], [2]]",
        "{{ xs|sort }} {{ xs|sort(reverse=true) }} {{ xs|first }} {{ xs|last }}=>[1, 2, 3] [3, 2,"
            + " 1] 3 2",
        "{% for g, r in rows|groupby('g') %}{{ g }}{{ r|length }}{% endfor %}=>a1b1",
        "{% for g in rows|groupby('g') %}{{ g.grouper }}{{ g.list[0].v }}{% endfor %}=>a2b1",
        "{{ 'a b'|title }} {{ 'aB'.swapcase() }} {{ 'x'.zfill(3) }} {{ '-5'.zfill(4) }}=>A B Ab 00x"
            + " -005",
        "{{ 'a,b'.partition(',') }} {{ 'a.b.c'.rsplit('.', 1) }}=>('a', ',', 'b') ['a.b', 'c']",
        "{{ 'a b  c'.rsplit(none, 1) }} {{ 'ab'.removeprefix('a') }}=>['a b', 'c'] b",
        "{{ strftime_now('%-d %b %y %I:%M %p %j %f %A') }}=>6 Jul 25 01:05 PM 187 123456 Sunday",
        "{{ {1: 'a'}[true] }} {{ 1 in [1.0] }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }}=>a True True"
            + " True",
        "{{ none is none }} {{ nope is undefined }} {{ xs is iterable }} {{ d is mapping }}=>True"
            + " True True True",
        "{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}=>2",
        "{% with a = 1, b = xs|length %}{{ a + b }}{% endwith %}=>4",
        "{% set a = 5 %}{% with a = 1, b = a %}{{ b }}{% endwith %}=>5",
        "{{ '1e3'|int }} {{ '\u00b2'.isdigit() }} {{ 'a  b.'|wordcount }}=>1000 True 2",
        "{{ ' a  b c '.rsplit(none, 1) }}=>[' a  b', 'c']",
        "{% for x in [[1, [2]]] recursive %}{{ x if x is number else loop(x) }};{% endfor"
            + " %}=>1;2;;;",
        "{% set j = joiner('+') %}{% for x in xs %}{{ j() }}{{ x }}{% endfor %}=>3+1+2",
        "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}=>aba",
        "{{ '<a>'|e }} {{ '<a>'|safe + '<b>' }} {{ '<a>'|safe ~ '<b>' }}=>&lt;a&gt; <a>&lt;b&gt;"
            + " <a><b>",
        "{{ 'yes' if xs else 'no' }}{{ 'x' if not xs }}|=>yes|",
        "{{ 1e-5 }} {{ 1e22 }} {{ 0.1 + 0.2 }} {{ 1.0 }} {{ -0.0 }}=>1e-05 1e+22"
            + " 0.30000000000000004 1.0 -0.0",
        "{{ [1, none]|tojson(indent=1) | length }} {{ 'é'|tojson(ensure_ascii=true) }}=>13"
            + " \"\\u00e9\"",
        "{{ 1234567|filesizeformat }} {{ 'a b c'|wordcount }} {{ 'a b&c'|urlencode }}=>1.2 MB 3"
            + " a%20b%26c",
        "{{ 'one two three four'|truncate(9) }} {{ '<p>a</p> b'|striptags }}=>one... a b",
        "{% set g = xs|map('string') %}{{ g|list|length }}{{ g|list|length }}=>30",
      })
  void knowsWhatPythonPrints(String source, String expected) {
    assertEquals(expected, render(source).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "{{ 1 + }}=>line 1: expected an expression, found '}}'",
        "{% if x %}=>expected one of [elif, else, endif]",
        "{% nonsense %}=>unknown tag 'nonsense'",
        "{{ 'a' + 1 }}=>can only concatenate str",
        "{{ nope.x }}=>'nope' is undefined",
        "{{ xs.append(1) }}=>unsafe",
        "{{ d.update(a=1) }}=>unsafe",
        "{{ xs|nothing }}=>No filter named 'nothing'",
        "{{ xs is nothing }}=>No test named 'nothing'",
        "{{ ''.__class__.__mro__ }}=>unsafe",
        "{{ 1 // 0 }}=>division by zero",
        "{{ 9223372036854775807 + 1 }}=>64 bits",
        "{{ range(1000000) }}=>Range too big",
      })
  void errorsSayWhatIsWrong(String source, String part) {
    String message =
        String.valueOf(assertThrows(TemplateException.class, () -> render(source)).getMessage());
    assertTrue(message.contains(part), message);
    assertTrue(message.startsWith("line 1: "), message);
  }

  @Test
  void errorsNameTheLine() {
    TemplateException e =
        assertThrows(TemplateException.class, () -> render("a\n\n{{ 'x' }}\n{{ nope.x }}\n"));
    assertEquals(4, e.line());
    assertEquals(TemplateException.Kind.RUNTIME, e.kind());
  }

  @Test
  void refusalsKeepTheirWords() {
    TemplateException e =
        assertThrows(TemplateException.class, () -> render("\n{{ raise_exception('no ' ~ 1) }}"));
    assertEquals("no 1", e.getMessage());
    assertEquals(TemplateException.Kind.REFUSED, e.kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}=>nesting",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}=>steps",
        "{{ 'x' * 99999999999 }}=>characters",
        "{% set s = namespace(v='x') %}{% for i in range(99) %}{% set s.v = s.v + s.v %}{% endfor"
            + " %}=>characters",
        "{{ [0] * 999999999 }}=>elements",
        "{{ 'x'|center(999999999) }}=>characters",
        "{% for i in range(9999) %}{{ 'x' * 9999 }}{% endfor %}=>characters",
      })
  void whatNeverEndsIsStopped(String source, String part) {
    TemplateException e = assertThrows(TemplateException.class, () -> render(source));
    assertEquals(TemplateException.Kind.LIMIT, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void nestingIsBoundedBeforeTheStackIs() {
    for (String deep :
        List.of(
            "{{ " + "(".repeat(50_000),
            "{{ " + "[".repeat(50_000),
            "{{ " + "-".repeat(50_000) + "1 }}",
            "{{ " + "not ".repeat(50_000) + "1 }}",
            "{{ 1" + "+1".repeat(50_000) + " }}",
            "{{ x" + "|string".repeat(50_000) + " }}",
            "{{ x" + ".x".repeat(50_000) + " }}",
            "{{ x" + " is string".repeat(50_000) + " }}",
            "{% if x %}".repeat(50_000),
            "{{ 1 if 1 else ".repeat(1) + "1 if 1 else ".repeat(50_000) + "1 }}",
            "{% set " + "(".repeat(50_000))) {
      try {
        render(deep);
      } catch (TemplateException e) {
        assertTrue(e.kind() != TemplateException.Kind.REFUSED);
      }
    }
  }

  @Test
  void remembersWhatCameFromMessages() {
    PromptText prompt =
        Template.compile(
                "<|{{ m.role }}|>{{ ('[' + m.content + ']')|trim|replace('b', '<b>') }}"
                    + "{{ m.content.split('|')[1]|upper }}{{ [m.content]|tojson }}<end>")
            .render(Map.of(), Map.of("m", Map.of("role", "user", "content", "ab|c")), NOW);
    assertEquals("<|user|>[a<b>|c]C[\"ab|c\"]<end>", prompt.text());
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < prompt.text().length(); i++) {
      marks.append(prompt.isForeign(i) ? 'x' : '.');
    }
    assertEquals(".........x...xx.x..xxxx.......", marks.toString());
  }

  @Test
  void longConversationsAreNoReasonToStop() {
    String source =
        "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content|trim + '\\n' }}{% endfor %}";
    List<Map<String, String>> messages =
        Collections.nCopies(20_000, Map.of("role", "user", "content", "word ".repeat(50)));
    PromptText prompt =
        Template.compile(source).render(Map.of(), Map.of("messages", messages), NOW);
    assertEquals(20_000 * 258, prompt.text().length());
  }
}
