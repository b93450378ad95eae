// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rouse.trigger.TriggerEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventFormatTest {
  @Test
  void aFilesNameControlsNoTerminal() {
    TriggerEvent event = new TriggerEvent("m", "nova", 0, 16_000, 16_000, 16_000, 0.7f, null, 0);
    String name = "a\u001b]0;title\u0007\n\u009bm.wav";
    assertEquals(
        "a\ufffd]0;title\ufffd\ufffd\ufffdm.wav  0.00-1.00 s  nova (m)  0.700",
        EventFormat.TEXT.line(name, event, Map.of()));
    assertEquals("one\n\ttwo\ufffd", Console.harmless("one\n\ttwo\u001b"));
  }
}
