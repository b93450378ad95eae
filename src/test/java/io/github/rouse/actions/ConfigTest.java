// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.SecondChance;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir Path folder;

  private Config read(String yaml) throws IOException {
    return Config.read(Files.writeString(folder.resolve("rouse.yaml"), yaml));
  }

  @Test
  void aWordHasItsOwnThresholdAndActions() throws IOException {
    Config config =
        read(
            """
            exec: notify-send "$ROUSE_WORD"
            webhook: http://127.0.0.1:8123/wake
            save: {folder: clips, before: 5, days: 7}
            nearMisses: true
            secondChance: 3
            words:
              hey nova:
                threshold: 0.6
                exec: ./lights.sh on
                chime: true
              jarvis: {webhook: "", save: false}
            """);
    ActionSettings actions = config.actions();
    assertEquals("notify-send \"$ROUSE_WORD\"", actions.of("jarvis").exec());
    assertFalse(actions.of("jarvis").hasWebhook());
    assertFalse(actions.of("jarvis").saves());
    assertFalse(actions.of("jarvis").chimes());
    assertEquals("./lights.sh on", actions.of("hey nova").exec());
    assertEquals(URI.create("http://127.0.0.1:8123/wake"), actions.of("hey nova").webhook());
    assertTrue(actions.of("hey nova").saves() && actions.of("hey nova").chimes());
    assertEquals(actions.general(), actions.of("another"));
    assertEquals(new ClipSettings(folder.resolve("clips"), 5, 1, 1, 7), actions.clips());
    assertTrue(config.nearMisses());
    assertEquals(new SecondChance(3, 0.7f), config.secondChance());
    WakeModel model = TestModels.loudness(List.of("jarvis", "hey nova"), 2, 2);
    WakeModel set = config.applyTo(model, true);
    assertEquals(0.5f, set.policy(0).threshold());
    assertEquals(0.6f, set.policy(1).threshold());
    assertEquals(3, set.secondChance().seconds());
    assertEquals(0.5f, config.applyTo(model, false).policy(1).threshold());
  }

  @Test
  void everythingMayBeLeftOut() throws IOException {
    Config config = read("words: {}");
    assertEquals(WordActions.NONE, config.actions().of("nova"));
    assertNull(config.actions().clips());
    assertEquals(SecondChance.NONE, config.secondChance());
    assertFalse(config.nearMisses());
  }

  @Test
  void errorsHaveLineAndReason() {
    String[][] wrong = {
      {"words:\n  nova: {treshold: 0.6}", "line 2: treshold: unknown key, expected one of "},
      {"words:\n  nova:\n    threshold: 6", "line 3: threshold=6.0, expected 0 to 1"},
      {"words:\n  nova:\n    threshold: high", "line 3: high: expected a number"},
      {"exec: a\nwebhook: mailto:me", "line 2: webhook=mailto:me, expected an http(s) URL"},
      {"webhook: 'http://a b'", "line 1: Illegal character"},
      {"chime: maybe", "line 1: chime: maybe, expected true or false"},
      {"save: {days: 3}", "line 1: folder: is missing"},
      {"\nsave: {folder: clips, days: 0}", "line 2: days=0.0, expected above 0"},
      {"secondChance: 90", "line 1: seconds=90.0, expected 0 to 60"},
      {"secondChance: {share: 0.2}", "line 1: share=0.2, expected 0.5 to 1"},
      {"words: [nova]", "line 1: expected keys and values"},
      {"exec: [a", "line 1: "},
      {"", "is empty"},
    };
    for (String[] one : wrong) {
      IOException problem = assertThrows(IOException.class, () -> read(one[0]), one[0]);
      String message = problem.getMessage();
      assertTrue(message.startsWith(folder + "/rouse.yaml: " + one[1]), message);
    }
  }

  @Test
  void aWordThatNoModelHasIsNamedWithItsLine() throws IOException {
    Config config = read("words:\n  jarvis: {threshold: 0.6}\n  jarviss: {threshold: 0.6}");
    IOException problem =
        assertThrows(IOException.class, () -> config.checkWords(Set.of("jarvis", "alexa")));
    assertEquals(
        folder
            + "/rouse.yaml: line 3: jarviss: no model has this word, expected one of [alexa,"
            + " jarvis]",
        problem.getMessage());
    config.checkWords(Set.of("jarvis", "jarviss"));
  }
}
