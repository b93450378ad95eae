// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.eval.Confidence;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart as SVG, styled by the {@link Page} that contains it. */
public final class Chart {
  private static final int WIDTH = 640;
  private static final int LEFT = 64;
  private static final int RIGHT = 28;
  private static final int TOP = 12;
  private static final int BOTTOM = 48;

  /**
   * One axis.
   *
   * @param low value at its start; above 0 if logarithmic
   * @param high value at its end
   */
  public record Axis(String label, double low, double high, boolean logarithmic) {
    /** Rejects an axis without length. */
    public Axis {
      if (!Double.isFinite(low) || !Double.isFinite(high) || low >= high) {
        throw new IllegalArgumentException(
            label + "=" + low + " to " + high + ", expected a range of numbers");
      }
      if (logarithmic && low <= 0) {
        throw new IllegalArgumentException(label + "=" + low + ", expected above 0");
      }
    }

    /** Position of a value, 0 to 1; values off the axis go to its ends. */
    double place(double value) {
      double share =
          logarithmic
              ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
              : (value - low) / (high - low);
      return Math.max(0, Math.min(1, share));
    }

    /** Round values on the axis. */
    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      if (logarithmic) {
        boolean wide = high / low > 150;
        for (double decade = Math.pow(10, Math.floor(Math.log10(low))); ; decade *= 10) {
          for (double step : wide ? new double[] {1} : new double[] {1, 2, 5}) {
            double tick = decade * step;
            if (tick > high * 1.001) {
              return ticks;
            } else if (tick >= low * 0.999) {
              ticks.add(tick);
            }
          }
        }
      }
      double step = Math.pow(10, Math.floor(Math.log10((high - low) / 4)));
      double steps = (high - low) / step;
      step *= steps > 20 ? 5 : steps > 8 ? 2 : 1;
      for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
        ticks.add(i * step);
      }
      return ticks;
    }
  }

  private final Axis x;
  private final Axis y;
  private final int height;
  private final StringBuilder drawn = new StringBuilder();
  private int named; // lines named in the legend

  /** An empty chart. */
  public Chart(Axis x, Axis y, int height) {
    this.x = x;
    this.y = y;
    this.height = height;
    for (double tick : x.ticks()) {
      line("grid", x(tick), TOP, x(tick), height - BOTTOM);
      text("middle", x(tick), height - BOTTOM + 16, number(tick));
    }
    for (double tick : y.ticks()) {
      line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
      text("end", LEFT - 6, y(tick) + 4, number(tick));
    }
    text("middle", LEFT + (WIDTH - LEFT - RIGHT) / 2.0, height - 10, x.label());
    add(
        "<text text-anchor='middle' transform='translate(14 %.1f) rotate(-90)'>%s</text>",
        (TOP + height - BOTTOM) / 2.0, Html.escaped(y.label()));
  }

  /**
   * Adds a line.
   *
   * @param style a class of the page: {@code first} or {@code second}
   * @param name for the legend; empty for none
   * @param points [points][x, y]
   */
  public Chart line(String style, String name, double[][] points) {
    // A single point becomes a line to itself, drawn as a dot.
    double[][] drawable = points.length == 1 ? new double[][] {points[0], points[0]} : points;
    add("<polyline class='line %s' points='%s'/>", style, path(drawable));
    if (!name.isEmpty()) {
      double at = TOP + 16 + 18.0 * named++;
      line("line " + style, WIDTH - RIGHT - 150, at - 4, WIDTH - RIGHT - 126, at - 4);
      text("start", WIDTH - RIGHT - 120, at, name);
    }
    return this;
  }

  /**
   * Adds the area between two lines.
   *
   * @param outline [points][x, y], closed
   */
  public Chart band(double[][] outline) {
    add("<polygon class='band' points='%s'/>", path(outline));
    return this;
  }

  /** Adds a bar from the bottom of the chart, between two x values. */
  public Chart bar(String style, double from, double to, double value) {
    add(
        "<rect class='bar %s' x='%.1f' y='%.1f' width='%.1f' height='%.1f'/>",
        style, x(from) + 0.5, y(value), x(to) - x(from) - 1, height - BOTTOM - y(value));
    return this;
  }

  /** Adds a dashed vertical line. */
  public Chart upright(double at) {
    line("threshold", x(at), TOP, x(at), height - BOTTOM);
    return this;
  }

  /** Adds a point, with its bounds as a cross. */
  public Chart point(double px, Confidence across, double py, Confidence up, String name) {
    line("cross", x(across.low()), y(py), x(across.high()), y(py));
    line("cross", x(px), y(up.low()), x(px), y(up.high()));
    add("<circle class='point' cx='%.1f' cy='%.1f' r='5'/>", x(px), y(py));
    boolean right = x(px) > WIDTH / 2.0;
    text(right ? "end" : "start", x(px) + (right ? -9 : 9), y(py) - 9, name);
    return this;
  }

  /** The SVG element. */
  public String svg(String title) {
    return String.format(
        Locale.ROOT,
        "<svg class='chart' viewBox='0 0 %d %d' role='img'><title>%s</title>%s</svg>",
        WIDTH,
        height,
        Html.escaped(title),
        drawn);
  }

  private String path(double[][] points) {
    StringBuilder path = new StringBuilder();
    for (double[] p : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(p[0]), y(p[1])));
    }
    return path.toString();
  }

  private double x(double value) {
    return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return height - BOTTOM - y.place(value) * (height - BOTTOM - TOP);
  }

  private void line(String style, double x1, double y1, double x2, double y2) {
    add("<line class='%s' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>", style, x1, y1, x2, y2);
  }

  private void text(String anchor, double px, double py, String text) {
    add("<text text-anchor='%s' x='%.1f' y='%.1f'>%s</text>", anchor, px, py, Html.escaped(text));
  }

  private void add(String pattern, Object... values) {
    drawn.append(String.format(Locale.ROOT, pattern, values));
  }

  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
