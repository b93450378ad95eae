// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
@DisabledOnOs(OS.WINDOWS)
class CommandTest {
  private static final String QUOTES = "'\"`$(echo no)";

  @TempDir Path folder;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final Command command = new Command(problems::add);

  private static JsonObject event(String word) {
    JsonObject event = new JsonObject();
    event.addProperty("word", word);
    event.addProperty("score", 0.98765);
    event.addProperty("time", "2026-11-29T05:00:00.123Z");
    event.addProperty("source", "microphone");
    return event;
  }

  /** Runs a command that writes to the file {@code $out}; returns what it wrote. */
  private String run(String line, JsonObject event) throws Exception {
    Path out = folder.resolve("out");
    Path done = folder.resolve("done");
    Files.deleteIfExists(done);
    command.run("cd '" + folder + "'; { " + line + "; } > out; touch done", event);
    while (!Files.exists(done)) {
      Thread.sleep(5);
    }
    return Files.readString(out);
  }

  @Test
  void theValuesAreInTheEnvironment() throws Exception {
    JsonObject event = event("se\u00f1or");
    String all = "echo \"$ROUSE_WORD|$ROUSE_SCORE|$ROUSE_TIME|$ROUSE_SOURCE|$ROUSE_CLIP\"";
    assertEquals("se\u00f1or|0.988|2026-11-29T05:00:00.123Z|microphone|\n", run(all, event));
    event.addProperty("clip", "my clips/it's \"one\".wav");
    String clip = "printf '%s|' \"$ROUSE_CLIP\" {clip} '{score}' {word}";
    assertEquals(
        "my clips/it's \"one\".wav|my clips/it's \"one\".wav|0.988|se\u00f1or|", run(clip, event));
  }

  @Test
  void noWordOrFileNameRuns() throws Exception {
    for (String evil :
        List.of(
            "$(touch ran)",
            "`touch ran`",
            "\"; touch ran; \"",
            "'; touch ran; '",
            "a\ntouch ran\n",
            "& touch ran &",
            QUOTES)) {
      JsonObject event = event(evil);
      event.addProperty("clip", evil);
      event.addProperty("source", evil);
      event.addProperty("time", evil);
      for (String quote : List.of("", "\"", "'")) {
        String line = "";
        for (String name : List.of("{word}", "{clip}", "{source}", "{time}")) {
          line += "echo " + quote + name + quote + "; ";
        }
        run(line + "echo \"$ROUSE_WORD\" $ROUSE_CLIP", event);
        assertFalse(Files.exists(folder.resolve("ran")), evil + " in " + line);
      }
      assertEquals(evil + "|" + evil, run("printf '%s|%s' \"$ROUSE_WORD\" {clip}", event));
    }
    assertEquals(List.of(), problems);
  }

  @Test
  void aWordWithoutShellSyntaxStaysAsItIs() {
    assertEquals("say ok-google 0.988", Command.filled("say {word} {score}", event("ok google")));
    assertEquals("{other}", Command.filled("{other}", event("a")));
  }

  @Test
  void noWordIsAnOption() {
    assertEquals("rm rf.", Command.filled("rm {word}.", event("-rf")));
    assertEquals("say help.", Command.filled("say {word}.", event("$ --help")));
  }

  @Test
  void aFailureIsToldOnce() throws Exception {
    command.run("exit 3", event("nova"));
    while (problems.isEmpty()) {
      Thread.sleep(5);
    }
    assertEquals(List.of("--exec: 'exit 3' ended with 3"), problems);
  }
}
