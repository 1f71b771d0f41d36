package dev.thermocline.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Test
  void onlyWhatCouldBeCompletedIsHeldBack() {
    assertEquals(0, prefix());
    assertEquals(1, prefix('a'));
    assertEquals(1, prefix('a', 0xc3));
    assertEquals(3, prefix('a', 0xc3, 0xa4));
    assertEquals(0, prefix(0xf0, 0x9f, 0x98));
    assertEquals(4, prefix(0xf0, 0x9f, 0x98, 0x80));
    // Bytes that start or continue nothing are let through, so that no stream waits for ever.
    assertEquals(1, prefix(0xff));
    assertEquals(1, prefix(0xc0));
    assertEquals(4, prefix(0x80, 0x80, 0x80, 0x80));
    assertEquals(2, prefix('a', 0x80));
  }

  @Test
  void everyPrefixOfATextLosesLessThanACharacter() {
    byte[] text = "a\u00e4\u4f60\ud83d\ude00z".getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= text.length; length++) {
      int complete = Utf8.completePrefix(text, length);
      String decoded = new String(text, 0, complete, StandardCharsets.UTF_8);
      assertEquals(-1, decoded.indexOf('\ufffd'));
      assertEquals(true, length - complete < 4);
    }
  }

  private static int prefix(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return Utf8.completePrefix(all, all.length);
  }
}
