package dev.thermocline.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {
  private static final String TEXT =
      """
      # Title
      Some **strong** words, `code` and 2 * 3 * 4.
      ```java
      int *p; # no heading
      ```
      end\
      """;

  @Test
  void headingsStrongTextAndCodeGetTheirStyle() {
    String styled = whole(TEXT);
    assertEquals(true, styled.contains("\u001b[1m# Title"), styled);
    assertEquals(true, styled.contains("\u001b[1m**strong**"), styled);
    assertEquals(true, styled.contains("\u001b[36m`code`"), styled);
    assertEquals(true, styled.contains("\u001b[36m```java"), styled);
    assertEquals(true, styled.endsWith("end\u001b[0m"), styled);
  }

  @Test
  void nothingOfTheTextIsLost() {
    assertEquals(TEXT, whole(TEXT).replaceAll("\u001b\\[\\d+m", ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void piecesOfAnyLengthGiveTheSame(int length) {
    Markdown markdown = new Markdown(true);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < TEXT.length(); i += length) {
      out.append(markdown.style(TEXT.substring(i, Math.min(TEXT.length(), i + length))));
    }
    assertEquals(whole(TEXT), out.append(markdown.end()).toString());
  }

  @Test
  void withoutColoursTextPassesAsItIs() {
    Markdown markdown = new Markdown(false);
    assertEquals(TEXT, markdown.style(TEXT) + markdown.end());
  }

  private static String whole(String text) {
    Markdown markdown = new Markdown(true);
    return markdown.style(text) + markdown.end();
  }
}
