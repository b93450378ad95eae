// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.eval.Excerpt;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.feature.Spectrum;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Draws an excerpt as SVG: the posterior over the spectrogram, with the word and the decision
 * marked.
 */
final class ExcerptPicture {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 170; // of the picture, without the time labels below
  private static final int FOOT = 18;
  private static final int ROWS = 96; // of the spectrogram
  private static final double RANGE_DB = 70; // of the colours

  private ExcerptPicture() {}

  /**
   * Draws an excerpt.
   *
   * @param threshold drawn as a line
   * @param word [start, end] in seconds of the excerpt
   * @param at decision in seconds of the excerpt; NaN if there was none
   */
  static String svg(Excerpt excerpt, double threshold, double[] word, double at)
      throws IOException {
    double perSecond = WIDTH / excerpt.seconds();
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg class='excerpt' viewBox='0 0 %d %d' role='img' aria-label='posterior over"
            + " spectrogram'>",
        WIDTH,
        HEIGHT + FOOT);
    add(
        svg,
        "<image width='%d' height='%d' preserveAspectRatio='none'"
            + " href='data:image/png;base64,%s'/>",
        WIDTH,
        HEIGHT,
        Base64.getEncoder().encodeToString(spectrogram(excerpt)));
    add(
        svg,
        "<rect class='word' x='%.1f' y='%d' width='%.1f' height='4'/>",
        word[0] * perSecond,
        HEIGHT - 4,
        Math.max(1, (word[1] - word[0]) * perSecond));
    double bar = (1 - threshold) * HEIGHT;
    add(svg, "<line class='threshold' x1='0' x2='%d' y1='%.1f' y2='%.1f'/>", WIDTH, bar, bar);
    if (!Double.isNaN(at)) {
      double x = at * perSecond;
      add(svg, "<line class='at' x1='%.1f' x2='%.1f' y1='0' y2='%d'/>", x, x, HEIGHT);
    }
    svg.append("<polyline class='posterior' points='");
    for (Excerpt.Posterior step : excerpt.posteriors()) {
      add(svg, "%.1f,%.1f ", step.second() * perSecond, (1 - step.posterior()) * HEIGHT);
    }
    svg.append("'/>");
    for (int second = 0; second < excerpt.seconds() - 0.3; second++) {
      add(
          svg,
          "<text x='%.1f' y='%d'>%d s</text>",
          second * perSecond + 1,
          HEIGHT + FOOT - 4,
          second);
    }
    return svg.append("</svg>").toString();
  }

  private static void add(StringBuilder svg, String pattern, Object... values) {
    svg.append(String.format(Locale.ROOT, pattern, values));
  }

  /** A PNG with 10 ms per column and 0 Hz at the bottom. */
  private static byte[] spectrogram(Excerpt excerpt) throws IOException {
    int length = excerpt.rate() / 40;
    Spectrogram spectrogram =
        new Spectrogram(
            new FeatureSpec(
                excerpt.rate(), length, excerpt.rate() / 100, new Spectrum.PowerDensity(1)));
    List<float[]> columns = new ArrayList<>(); // [bins], dB
    float[] samples = excerpt.samples();
    float[] loudest = {-100};
    spectrogram.accept(
        samples,
        0,
        samples.length,
        (frame, level) -> {
          float[] decibels = new float[frame.length];
          for (int k = 0; k < frame.length; k++) {
            decibels[k] = (float) (10 * Math.log10(frame[k] + 1e-10));
            loudest[0] = Math.max(loudest[0], decibels[k]);
          }
          columns.add(decibels);
        });
    BufferedImage image =
        new BufferedImage(Math.max(1, columns.size()), ROWS, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < columns.size(); x++) {
      float[] column = columns.get(x);
      for (int y = 0; y < ROWS; y++) {
        float value = column[(ROWS - 1 - y) * (column.length - 1) / (ROWS - 1)];
        double heat = Math.max(0, 1 + (value - loudest[0]) / RANGE_DB);
        image.setRGB(x, y, ScanPlot.colour(heat));
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }
}
