// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotFileTest {
  private static final int RATE = 8000;
  private static final int WAVE = 38 + 70; // y of silence
  private static final int PER_SECOND = 25; // columns
  private static final int RED = 0xffd02020; // of decisions

  @TempDir Path folder;

  /** A click in each minute is on its page, at its second; the rest of the last page is blank. */
  @Test
  void eachMinuteIsAPage() throws IOException {
    WakeModel model = TestModels.loudness("loud");
    float[] sound = new float[RATE * 150];
    for (int minute = 0; minute < 3; minute++) {
      sound[RATE * (60 * minute + 10 + minute)] = 0.9f;
    }
    try (PlotFile plot = new PlotFile(folder, "long", "long.wav", RATE, List.of(model))) {
      for (int at = 0; at < sound.length; at += 999) {
        plot.samples(sound, at, Math.min(999, sound.length - at));
      }
      assertEquals(List.of(), shown());
      plot.commit();
    }
    assertEquals(List.of("long.page2.png", "long.page3.png", "long.png"), shown());
    for (int minute = 0; minute < 3; minute++) {
      String name = minute == 0 ? "long.png" : "long.page" + (minute + 1) + ".png";
      BufferedImage page = ImageIO.read(folder.resolve(name).toFile());
      int high = WAVE - 40; // within the click's line only
      int click = 70 + PER_SECOND * (10 + minute); // or a column before
      assertTrue(page.getRGB(click, high) != -1 || page.getRGB(click - 1, high) != -1, name);
      assertEquals(-1, page.getRGB(70 + PER_SECOND * 20, high), name);
      boolean blank = page.getRGB(70 + PER_SECOND * 50, WAVE) == -1;
      assertEquals(minute == 2, blank, name);
    }
  }

  /** The decision of a word on the fourth page is a red line at its second. */
  @Test
  void eventsAreOnTheirPage() throws IOException {
    WakeModel model = TestModels.loudness("loud");
    float[] sound = new float[RATE * 200];
    int start = RATE * 180 + RATE / 2;
    int decided = RATE * 181;
    TriggerEvent event =
        new TriggerEvent("loud", "loud", start, start + 4000, decided, RATE, 0.9f, null, 0);
    try (PlotFile plot = new PlotFile(folder, "late", "late.wav", RATE, List.of(model))) {
      for (int at = 0; at < sound.length; at += 1000) {
        if (at == decided) {
          plot.event(event);
        }
        plot.samples(sound, at, 1000);
      }
      plot.commit();
    }
    BufferedImage page = ImageIO.read(folder.resolve("late.page4.png").toFile());
    int column = 70 + PER_SECOND;
    boolean red = false;
    for (int y = 0; y < page.getHeight(); y++) {
      red |= page.getRGB(column, y) == RED || page.getRGB(column - 1, y) == RED;
    }
    assertTrue(red);
  }

  private List<String> shown() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
