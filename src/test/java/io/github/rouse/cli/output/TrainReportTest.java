// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.train.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainReportTest {
  @TempDir Path folder;

  @Test
  void curvesAppearAfterTheFirstEpochAndRefresh() throws IOException {
    TrainReport report = new TrainReport(folder.resolve("new/report"), "m", Channel.AUTO);
    report.epochs(List.of(new Epoch(0.5, 0.4, 1e-3)), 8);
    String html = html();
    assertTrue(html.contains("1 of at most 8 epochs."), html);
    assertTrue(html.contains("http-equiv='refresh'"), "the page must refresh");
    assertEquals(3, curves(html)); // two losses and the rate
    report.epochs(List.of(new Epoch(0.5, 0.4, 1e-3), new Epoch(0.25, 0.3, 1e-4)), 8);
    html = html();
    assertEquals(3, curves(html));
    // Chart height 320, margins 12 and 48, axis up to 0.55: a loss of 0.5 is at y = 35.6.
    assertTrue(html.contains("points='132.5,35.6 201.0,153.8 '"), html);
  }

  @Test
  void completePageHasTheCasesAndNoRefresh() throws IOException {
    TrainReport report = new TrainReport(folder.resolve("new/report"), "m", Channel.AUTO);
    Path up = wav("up.wav", 0.5);
    report.measured(Map.of("loud", List.of(up)), List.of(wav("down.wav")), true);
    report.epochs(List.of(new Epoch(0.5, 0.4, 1e-3)), 1);
    report.complete(TestModels.loudness("loud"), 2);
    String html = html();
    assertFalse(html.contains("refresh"));
    assertTrue(html.contains("up.wav: detected"), html);
    assertTrue(html.contains("by held-out speakers"), html);
    assertTrue(Files.exists(folder.resolve("new/report/excerpt-01.wav")));
  }

  @Test
  void pageSaysIfNoSpeakersAreHeldOut() throws IOException {
    TrainReport report = new TrainReport(folder.resolve("new/report"), "m", Channel.AUTO);
    report.measured(Map.of("loud", List.of(wav("up.wav", 0.5))), List.of(), false);
    report.epochs(List.of(new Epoch(0.5, 0.4, 1e-3)), 1);
    report.complete(TestModels.loudness("loud"), 1);
    assertTrue(html().contains("No speakers are held out"), html());
    assertTrue(html().contains("No recordings without the word"), html());
  }

  private String html() throws IOException {
    return Files.readString(folder.resolve("new/report/report.html"));
  }

  private static int curves(String html) {
    return html.split("<polyline class='line ", -1).length - 1;
  }

  private Path wav(String name, double... bursts) throws IOException {
    Path file = folder.resolve(name);
    float[] samples = TestModels.bursts(16_000, 2, bursts);
    try (WavWriter writer = new WavWriter(file, 16_000, 1)) {
      writer.write(samples, 0, samples.length);
      writer.commit();
    }
    return file;
  }
}
