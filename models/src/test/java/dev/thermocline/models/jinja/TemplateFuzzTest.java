package dev.thermocline.models.jinja;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged templates give errors, never anything else. */
class TemplateFuzzTest {
  private static final int CASES = 20_000;
  private static final List<String> SEEDS =
      List.of(
          """
          {%- macro tool(t, depth=0) -%}
          {{ t.name|upper }}({% for k, v in t.parameters.items() %}{{ k ~ ': ' ~ v|tojson(indent=2) }}
          {%- if not loop.last %}, {% endif %}{% endfor %})
          {%- endmacro -%}
          {% if messages[0].role == 'system' %}{% set system = messages[0]['content'] | trim %}
          {%- set rest = messages[1:] %}{% else %}{% set rest = messages %}{% endif %}
          {{- bos_token }}{# a comment #}{% set ns = namespace(n=0, last=none) %}
          {% for m in rest if m.content is string and m.role in ['user', 'assistant'] %}
          {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}
          {{- raise_exception('roles must alternate, got ' ~ m.role) }}{% endif %}
          {%- set ns.n = ns.n + m.content|length // 2 - 1 %}<|{{ m.role }}|>
          {{ m.content.split('</think>')[-1].strip('\\n') }}<|end|>
          {% endfor %}{{ tool({'name': 'f', 'parameters': {'a': [1, 2.5, none, true]}}) }}
          {% if add_generation_prompt is defined and add_generation_prompt %}<|assistant|>
          {% endif %}{{ ns.n }} {{ strftime_now('%d %b %Y') }}
          """,
          """
          {% macro outer(a, b, k=4) %}{{ caller(a + b * k) if caller }}{{ varargs }}{% endmacro %}
          {% raw %}{{ not }}{% endraw %}{% call(x) outer(1, *[2], **{'k': 3}) %}{{ x }}{% endcall %}
          {% filter indent(2, true) | replace('a', "b") %}abc{% endfilter %}
          {{ xs|map('string')|join('-') }}{{ xs|selectattr('x', 'defined')|list }}{{ 'é%s' % xs }}
          {% set block %}{% for i in range(10, 0, -3) %}{% if i == 4 %}{% break %}{% endif %}{{ i }}
          {%- else %}none{% endfor %}{% endset %}{{ block[::-1] }}{% generation %}g{% endgeneration %}
          {{ {'a': (1,), "b": [[]]}.items()|list|last|first }}{{ 1 < 2 <= 3 and not 4 is odd }}
          {% with q = 1 %}{{ q ** 70 - 1e3 }}{% endwith %}{% autoescape true %}{{ '<'|e }}{% endautoescape %}
          """);
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "messages",
          List.of(
              Map.of("role", "system", "content", "S"),
              Map.of("role", "user", "content", "a</think>b\n")),
          "xs",
          List.of(1L, Map.of("x", "y"), "z"),
          "add_generation_prompt",
          true);
  private static final String[] SCRAPS = {
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-",
    "+",
    "|",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "\\",
    "\n",
    " ",
    ".",
    ",",
    ":",
    "~",
    "**",
    "*",
    "%",
    "==",
    "is ",
    "not ",
    "in ",
    "if ",
    "else ",
    "endif ",
    "endfor ",
    "for x in xs ",
    "set a = ",
    "loop",
    "9",
    "999999999999",
    "1e308",
    "0x",
    "|list",
    "|tojson",
    "|sort",
    "|groupby('x')",
    "range(99999)",
    "\u2028",
    "\ud800",
    "\0",
    "raw",
    "macro m() ",
    "endmacro",
    "m()",
    "* 99999",
    "|center(99999)",
    "|batch(3)",
    "[::-1]",
    ".format("
  };

  @Test
  void damagedTemplatesGiveErrorsOnly() {
    long seed = Long.getLong("thermocline.seed", 20260101);
    System.out.println("template fuzz: seed " + seed);
    Random random = new Random(seed);
    int rendered = 0;
    for (int i = 0; i < CASES; i++) {
      String source = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
      try {
        Template.compile(source).render(Map.of("bos_token", "<s>"), VARIABLES, LocalDateTime.MIN);
        rendered++;
      } catch (TemplateException e) {
        assertTrue(e.getMessage() != null, "seed " + seed + ", case " + i);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", case " + i + ": " + source, e);
      }
    }
    System.out.println("template fuzz: " + rendered + " of " + CASES + " still rendered");
  }

  @Test
  void wholeTemplatesRender() {
    for (String source : SEEDS) {
      Template.compile(source).render(Map.of("bos_token", "<s>"), VARIABLES, LocalDateTime.MIN);
    }
  }

  private static String mutate(String source, Random random) {
    StringBuilder text = new StringBuilder(source);
    int times = 1 + random.nextInt(6);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, SCRAPS[random.nextInt(SCRAPS.length)]);
        case 2 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(40)));
        default -> {
          int from = random.nextInt(text.length());
          int to = Math.min(text.length(), from + random.nextInt(60));
          text.insert(at, text.substring(from, to));
        }
      }
    }
    return text.toString();
  }
}
