// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws where a network looked among the letters of words at each phoneme. */
public final class AttentionPlot {
  private static final int CELL = 36; // pixels
  private static final int LEFT = 64;
  private static final int TOP = 56;
  private static final int GAP = 24;
  private static final Color MOST = new Color(0x08306b);
  private static final String END = "end";

  /**
   * A word.
   *
   * @param letters its letters
   * @param phonemes its phonemes
   * @param attention [phonemes + 1][letters + 1]; the last of each is the end
   */
  public record WordAttention(String letters, List<String> phonemes, float[][] attention) {}

  private AttentionPlot() {}

  /** Writes a picture of some words as PNG, side by side: a column a letter, a row a phoneme. */
  public static void write(List<WordAttention> words, OutputStream out) throws IOException {
    int width = GAP;
    int rows = 0;
    for (WordAttention word : words) {
      width += LEFT + CELL * (word.letters.length() + 1) + GAP;
      rows = Math.max(rows, word.phonemes.size() + 1);
    }
    BufferedImage image =
        new BufferedImage(width, TOP + CELL * rows + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    int left = GAP;
    for (WordAttention word : words) {
      draw(g, word, left + LEFT);
      left += LEFT + CELL * (word.letters.length() + 1) + GAP;
    }
    g.dispose();
    ImageIO.setUseCache(false); // on a full disk, the cache would print a stack trace
    ImageIO.write(image, "png", out);
  }

  private static void draw(Graphics2D g, WordAttention word, int left) {
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    FontMetrics font = g.getFontMetrics();
    for (int row = 0; row < word.attention.length; row++) {
      for (int column = 0; column < word.attention[row].length; column++) {
        g.setColor(shade(word.attention[row][column]));
        g.fillRect(left + CELL * column, TOP + CELL * row, CELL - 1, CELL - 1);
      }
      String phoneme = row < word.phonemes.size() ? word.phonemes.get(row) : END;
      g.setColor(Color.BLACK);
      int baseline = TOP + CELL * row + (CELL + font.getAscent()) / 2 - 2;
      g.drawString(phoneme, left - 10 - font.stringWidth(phoneme), baseline);
    }
    for (int column = 0; column <= word.letters.length(); column++) {
      String letter =
          column < word.letters.length() ? word.letters.substring(column, column + 1) : END;
      int at = left + CELL * column + (CELL - font.stringWidth(letter)) / 2;
      g.drawString(letter, at, TOP - 12);
    }
  }

  /** White for 0, dark blue for 1. */
  private static Color shade(float share) {
    float[] most = MOST.getRGBColorComponents(null);
    return new Color(
        1 - share * (1 - most[0]), 1 - share * (1 - most[1]), 1 - share * (1 - most[2]));
  }
}
