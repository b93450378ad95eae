// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Draws a trace: waveform, spectrogram, posteriors, and the events over all of them. */
public final class ScanPlot {
  private static final int WIDTH = 1500; // pixels of the time axis
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int GAP = 38;
  private static final int MANY = 40; // events, beyond which their lines would hide the picture
  private static final int WAVE = 140; // panel heights
  private static final int SPECTROGRAM = 240;
  private static final int POSTERIOR = 180;
  private static final double RANGE_DB = 80; // of the spectrogram's colours
  private static final Color[] LINES = {
    new Color(0x1f77b4),
    new Color(0xd62728),
    new Color(0x2ca02c),
    new Color(0x9467bd),
    new Color(0xff7f0e),
    new Color(0x17becf)
  };

  private final String title;
  private final double start; // s of the sound
  private final double seconds; // of the time axis
  private final int drawn; // columns with sound
  private final int sampleRate;
  private final List<TriggerEvent> events;
  private final ScanTrace.Columns columns;

  /**
   * Draws a trace that has ended.
   *
   * @param seconds length of the time axis
   */
  public ScanPlot(String title, ScanTrace trace, double seconds) {
    this.title = title;
    this.seconds = seconds;
    start = trace.startSeconds();
    drawn = (int) Math.min(WIDTH, Math.ceil(trace.seconds() / seconds * WIDTH));
    sampleRate = trace.sampleRate();
    events =
        trace.events().stream()
            .filter(e -> e.atSeconds() >= start && e.startSeconds() < start + seconds)
            .toList();
    columns = trace.columns(WIDTH, seconds);
  }

  private int column(double second) {
    return (int) Math.max(0, Math.min(WIDTH - 1, (second - start) / seconds * WIDTH));
  }

  /** Writes the picture as PNG. */
  public void write(OutputStream out) throws IOException {
    int models = columns.posteriors().size();
    int panels = WAVE + SPECTROGRAM + (POSTERIOR + GAP) * models;
    BufferedImage image =
        new BufferedImage(LEFT + WIDTH + RIGHT, 3 * GAP + panels + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    g.setColor(Color.BLACK);
    g.drawString(title, LEFT, GAP - 18);
    int top = GAP;
    drawWave(g, top);
    top += WAVE + GAP;
    drawSpectrogram(g, image, top);
    top += SPECTROGRAM + GAP;
    int bottom = top + POSTERIOR;
    for (Map.Entry<WakeModel, float[][]> one : columns.posteriors().entrySet()) {
      drawPosteriors(g, top, one.getKey(), one.getValue());
      bottom = top + POSTERIOR;
      top += POSTERIOR + GAP;
    }
    drawEvents(g, bottom);
    drawTimes(g, bottom);
    g.dispose();
    ImageIO.setUseCache(false); // on a full disk, the cache would print a stack trace
    ImageIO.write(image, "png", out);
  }

  private void drawWave(Graphics2D g, int top) {
    frameBox(g, top, WAVE, "sample");
    g.setColor(new Color(0x334466));
    for (int x = 0; x < drawn; x++) {
      int high = top + (int) ((1 - Math.min(1, columns.highs()[x])) * WAVE / 2);
      int low = top + (int) ((1 - Math.max(-1, columns.lows()[x])) * WAVE / 2);
      g.drawLine(LEFT + x, high, LEFT + x, low);
    }
  }

  private void drawSpectrogram(Graphics2D g, BufferedImage image, int top) {
    float loudest = -100;
    for (float[] column : columns.powers()) {
      for (int k = 0; column != null && k < column.length; k++) {
        loudest = Math.max(loudest, column[k]);
      }
    }
    float[] shown = null;
    for (int x = 0; x < drawn; x++) {
      shown = columns.powers()[x] == null ? shown : columns.powers()[x];
      for (int y = 0; shown != null && y < SPECTROGRAM; y++) {
        int k = (SPECTROGRAM - 1 - y) * (shown.length - 1) / (SPECTROGRAM - 1);
        double heat = Math.max(0, 1 + (shown[k] - loudest) / RANGE_DB);
        image.setRGB(LEFT + x, top + y, colour(heat));
      }
    }
    frameBox(g, top, SPECTROGRAM, "kHz");
    for (int khz = 0; khz * 2000 <= sampleRate; khz += sampleRate > 20_000 ? 5 : 2) {
      int y = top + SPECTROGRAM - (int) (khz * 2000.0 / sampleRate * SPECTROGRAM);
      label(g, Integer.toString(khz), y);
    }
  }

  /** From black through violet and orange to pale yellow, with rising lightness. */
  static int colour(double heat) {
    float hue = (float) (0.78 + 0.37 * heat) % 1f;
    float saturation = (float) (heat < 0.7 ? 0.9 : 0.9 - (heat - 0.7) * 2.2);
    float brightness = (float) Math.min(1, heat * 1.35);
    return Color.HSBtoRGB(hue, saturation, brightness);
  }

  private void drawPosteriors(Graphics2D g, int top, WakeModel model, float[][] words) {
    frameBox(g, top, POSTERIOR, "posterior");
    for (int tenth = 0; tenth <= 10; tenth += 5) {
      label(
          g, String.format(Locale.ROOT, "%.1f", tenth / 10.0), top + POSTERIOR * (10 - tenth) / 10);
    }
    int threshold = top + (int) ((1 - model.policy().threshold()) * POSTERIOR);
    g.setColor(Color.GRAY);
    g.setStroke(
        new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {4}, 0));
    g.drawLine(LEFT, threshold, LEFT + WIDTH, threshold);
    g.setStroke(new BasicStroke(1.5f));
    for (int word = 0; word < words.length; word++) {
      g.setColor(LINES[word % LINES.length]);
      g.drawString(model.name() + ": " + model.words().get(word), LEFT + 8, top + 16 + 15 * word);
      int[] x = new int[drawn];
      int[] y = new int[drawn];
      float value = 0;
      for (int i = 0; i < drawn; i++) {
        value = words[word][i] == 0 ? value : words[word][i]; // repeat in columns between steps
        x[i] = LEFT + i;
        y[i] = top + Math.round((1 - value) * POSTERIOR);
      }
      g.drawPolyline(x, y, drawn);
    }
    g.setStroke(new BasicStroke(1));
  }

  private void drawEvents(Graphics2D g, int bottom) {
    boolean many = events.size() > MANY;
    int free = 0; // x where the last label ends
    for (TriggerEvent e : events) {
      int from = LEFT + column(e.startSeconds());
      int to = LEFT + column(e.endSeconds());
      g.setColor(new Color(0x30, 0xb0, 0x30, 70));
      g.fillRect(from, GAP, Math.max(1, to - from), WAVE);
      g.setColor(new Color(0x007000));
      String label = String.format(Locale.ROOT, "%s %.3f", e.word(), e.score());
      int width = g.getFontMetrics().stringWidth(label);
      int x = Math.min(from + 3, LEFT + WIDTH - width);
      if (x > free) {
        g.drawString(label, x, GAP - 3);
        free = x + width;
      }
      if (e.atSeconds() >= start + seconds) {
        continue; // decided on the next page
      }
      int at = LEFT + column(e.atSeconds());
      g.setColor(new Color(0xd0, 0x20, 0x20));
      g.drawLine(at, many ? bottom - POSTERIOR : GAP, at, bottom);
    }
  }

  private void drawTimes(Graphics2D g, int bottom) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(seconds, 1e-3) / 5)));
    step *= seconds / step > 25 ? 5 : seconds / step > 10 ? 2 : 1;
    g.setColor(Color.BLACK);
    for (int i = 0; i * step <= seconds; i++) {
      double second = start + i * step;
      int x = LEFT + column(second);
      g.drawLine(x, bottom, x, bottom + 5);
      String text = step < 1 ? String.format(Locale.ROOT, "%.2f", second) : "" + (int) second;
      g.drawString(text + " s", x - 8, bottom + 19);
    }
  }

  private static void frameBox(Graphics2D g, int top, int height, String name) {
    g.setColor(Color.BLACK);
    g.drawRect(LEFT, top, WIDTH, height);
    g.drawString(name, 4, top + height / 4);
  }

  private static void label(Graphics2D g, String text, int y) {
    g.setColor(Color.BLACK);
    g.drawString(text, LEFT - 8 - g.getFontMetrics().stringWidth(text), y + 4);
  }
}
