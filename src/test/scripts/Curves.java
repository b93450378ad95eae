// SPDX-License-Identifier: Apache-2.0

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** For `docs-pictures`: draws FOLDER/det.svg and FOLDER/noise.svg from the JSON of `rouse eval`, a file per word. */
final class Curves {
  private static final String[] COLOURS = {"#3b82c4", "#d9662b", "#2f9e6e"};

  public static void main(String[] arguments) throws IOException {
    StringBuilder det = new StringBuilder();
    StringBuilder noise = new StringBuilder();
    for (int i = 1; i < arguments.length; i++) {
      JsonObject word = JsonParser.parseString(Files.readString(Path.of(arguments[i]))).getAsJsonObject();
      legend(det, word.get("word").getAsString(), i);
      legend(noise, word.get("word").getAsString(), i);
      detCurve(det, word, COLOURS[i - 1]);
      noiseCurve(noise, word, COLOURS[i - 1]);
    }
    Path folder = Path.of(arguments[0]);
    for (String rate : new String[] {"0.5", "1", "2", "5", "10", "20"}) {
      det.append(text(rateX(Double.parseDouble(rate)), 284, "middle", rate));
    }
    for (int snr = 0; snr <= 20; snr += 5) {
      noise.append(text(snrX(snr), 284, "middle", snr + " dB"));
    }
    write(folder.resolve("det.svg"), det, "missed at 20 to 0 dB, %", "false alarms per hour");
    write(folder.resolve("noise.svg"), noise, "missed at 1 false alarm per hour, %", "voice above the noise");
  }

  private static void detCurve(StringBuilder drawn, JsonObject word, String colour) {
    double hours = word.get("negative_hours").getAsDouble();
    StringBuilder points = new StringBuilder();
    double last = -1;
    for (JsonElement one : word.getAsJsonArray("points")) { // thresholds rise
      double rate = one.getAsJsonObject().get("false_alarms").getAsInt() / hours;
      if (rate > 20 || rate < 0.5 || rate == last) {
        continue;
      }
      last = rate;
      points.append(point(rateX(rate), missY(one.getAsJsonObject().get("miss_rate").getAsDouble())));
    }
    line(drawn, points, colour);
  }

  private static void noiseCurve(StringBuilder drawn, JsonObject word, String colour) {
    StringBuilder points = new StringBuilder();
    for (Map.Entry<String, JsonElement> slice : word.getAsJsonObject("slices").getAsJsonObject("positives").entrySet()) {
      int snr = Integer.parseInt(slice.getKey().replaceAll("SNR (\\d+) dB.*", "$1"));
      double missed = slice.getValue().getAsJsonObject().getAsJsonObject("at").get("1").getAsDouble();
      System.out.printf(Locale.ROOT, "%s at %d dB: %.1f %% missed%n", word.get("word").getAsString(), snr, 100 * missed);
      points.append(point(snrX(snr), missY(missed)));
    }
    line(drawn, points, colour);
  }

  private static double rateX(double rate) {
    return 56 + Math.log(rate / 0.5) / Math.log(40) * 520;
  }

  private static double snrX(double snr) {
    return 56 + (20 - snr) / 20 * 520;
  }

  private static double missY(double missed) {
    return 264 - missed * 240;
  }

  private static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
  }

  private static void line(StringBuilder drawn, CharSequence points, String colour) {
    drawn.append("<polyline fill='none' stroke-width='2.5' stroke='" + colour + "' points='" + points + "'/>\n");
  }

  private static void legend(StringBuilder drawn, String name, int row) {
    int y = 24 + 18 * row;
    drawn.append("<path d='M600 " + y + "h20' stroke-width='2.5' stroke='" + COLOURS[row - 1] + "'/>" + text(626, y + 4, "start", name));
  }

  private static String text(double x, double y, String anchor, String text) {
    return String.format(Locale.ROOT, "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>%n", x, y, anchor, text);
  }

  private static void write(Path file, CharSequence drawn, String up, String across) throws IOException {
    StringBuilder svg = new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 720 312' font-family='sans-serif' font-size='13' fill='#808890'>\n");
    svg.append("<title>" + up + ", against " + across + "</title>\n").append(text(56, 14, "start", up)).append(text(316, 306, "middle", across));
    for (int percent = 0; percent <= 100; percent += 20) {
      double y = missY(percent / 100.0);
      svg.append(String.format(Locale.ROOT, "<path d='M56 %.1fH576' stroke='#8886'/>", y)).append(text(48, y + 4, "end", "" + percent));
    }
    Files.writeString(file, svg.append(drawn).append("</svg>\n"));
  }
}
