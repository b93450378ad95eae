// Plots how gradients vanish and explode through time, and how initial weights keep activations alive through layers.
// The classes are those that `rouse train` uses. After `./rouse` has been built:
//   java -cp 'target/rouse.jar:target/lib/*' docs/examples/Gradients.java docs/pictures
import io.github.rouse.nn.Gru;
import io.github.rouse.train.backprop.*;
import java.nio.file.*;
import java.util.*;
import java.util.function.Consumer;

class Gradients {
  static final int UNITS = 64, STEPS = 100, CLIPS = 16, LAYERS = 30, WIDTH = 256;
  static final WorkerPool WORKERS = new WorkerPool(1);

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Plot time = new Plot("steps back from the last one", STEPS, -8, 4);
    time.line("simple RNN, recurrent weights × 0.8", throughTime(rnn(), 0.8, 0.1));
    time.line("simple RNN, orthogonal weights", throughTime(rnn(), 1, 0.1));
    time.line("simple RNN, recurrent weights × 1.2", throughTime(rnn(), 1.2, 0.001));
    time.line("GRU, as it starts", throughTime(gru(0), 1, 1));
    time.line("GRU, update gate open (bias 3)", throughTime(gru(3), 1, 1));
    time.line("LSTM, forget gate open (bias 3)", throughTime(lstm(3), 1, 1));
    Files.writeString(folder.resolve("gradients.svg"), time.svg("gradient of the input, relative to the last step"));

    Plot depth = new Plot("layers of 256 units with ReLU", LAYERS, -6, 4);
    depth.line("He", throughLayers(WeightInitializer.HE, 1));
    depth.line("Xavier", throughLayers(WeightInitializer.XAVIER, 1));
    depth.line("He × 1.3", throughLayers(WeightInitializer.HE, 1.3));
    depth.line("He × 0.6", throughLayers(WeightInitializer.HE, 0.6));
    Files.writeString(folder.resolve("initial-weights.svg"), depth.svg("root mean square of the activations"));
  }

  static LayerGradient rnn() {
    return initialised(new SimpleRnnGradient("rnn", UNITS, UNITS, 0, WORKERS), p -> {});
  }

  static LayerGradient gru(float update) { // gates z, r, candidate
    LayerGradient gru = new GruGradient("gru", Gru.Reset.AFTER, UNITS, UNITS, 0, WORKERS);
    return initialised(gru, bias -> Arrays.fill(bias, 0, UNITS, update));
  }

  static LayerGradient lstm(float forget) { // gates i, o, f, candidate
    LayerGradient lstm = new LstmGradient("lstm", UNITS, UNITS, false, 0, WORKERS);
    return initialised(lstm, bias -> Arrays.fill(bias, 2 * UNITS, 3 * UNITS, forget));
  }

  static LayerGradient initialised(LayerGradient layer, Consumer<float[]> bias) {
    SplittableRandom random = new SplittableRandom(1);
    for (Parameter p : layer.parameters()) {
      if (p.name().endsWith("recurrentWeights")) WeightInitializer.ORTHOGONAL.fill(p, p.columns() / UNITS, random);
      else if (p.isMatrix()) WeightInitializer.XAVIER.fill(p, 1, random);
      else if (p.name().endsWith("ias") && !p.name().contains("recurrent")) bias.accept(p.value());
    }
    return layer;
  }

  /** The norm of dL/dx, step by step back from the last one, where the loss is. */
  static double[] throughTime(LayerGradient layer, double scale, double level) {
    for (Parameter p : layer.parameters()) {
      for (int i = 0; p.name().endsWith("recurrentWeights") && i < p.value().length; i++) p.value()[i] *= (float) scale;
    }
    Random random = new Random(2);
    SequenceBatch in = new SequenceBatch(STEPS + 1, CLIPS, UNITS);
    for (int i = 0; i < in.data().length; i++) in.data()[i] = (float) (level * random.nextGaussian());
    layer.forward(in, true);
    SequenceBatch loss = new SequenceBatch(STEPS + 1, CLIPS, UNITS);
    int step = CLIPS * UNITS;
    for (int i = 0; i < step; i++) loss.data()[STEPS * step + i] = (float) random.nextGaussian();
    float[] gradient = layer.backward(loss, true).data();
    double[] norms = new double[STEPS + 1];
    for (int back = 0; back <= STEPS; back++) norms[back] = rms(gradient, (STEPS - back) * step, step);
    double last = norms[0];
    return Arrays.stream(norms).map(norm -> norm / last).toArray();
  }

  static double[] throughLayers(WeightInitializer initial, double scale) {
    SplittableRandom random = new SplittableRandom(3);
    float[] x = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) x[i] = (float) random.nextGaussian();
    double[] levels = new double[LAYERS + 1];
    levels[0] = rms(x, 0, WIDTH);
    for (int layer = 1; layer <= LAYERS; layer++) {
      Parameter w = new Parameter("w", WIDTH, WIDTH);
      initial.fill(w, 1, random);
      float[] y = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        for (int o = 0; o < WIDTH; o++) y[o] += (float) (scale * x[i] * w.value()[i * WIDTH + o]);
      }
      for (int o = 0; o < WIDTH; o++) x[o] = Math.max(0, y[o]);
      levels[layer] = rms(x, 0, WIDTH);
    }
    return levels;
  }

  static double rms(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) sum += (double) values[i] * values[i];
    return Math.sqrt(sum / count);
  }

  /** Lines over a linear x axis from 0 and a logarithmic y axis, from 10^low to 10^high. */
  record Plot(String across, int most, int low, int high, StringBuilder drawn, List<String> names) {
    static final String[] COLOURS = {"#3b82c4", "#d9662b", "#2f9e6e", "#a05cc0", "#b8860b", "#c03c5a"};

    Plot(String across, int most, int low, int high) {
      this(across, most, low, high, new StringBuilder(), new ArrayList<>());
    }

    void line(String name, double[] values) {
      String colour = COLOURS[names.size()];
      names.add(name);
      System.out.printf(Locale.ROOT, "%-40s after 10: %8.2g   after %d: %8.2g%n", name, values[10], values.length - 1, values[values.length - 1]);
      drawn.append("<polyline fill='none' stroke-width='2' stroke='" + colour + "' points='");
      for (int i = 0; i < values.length; i++) {
        double power = Math.max(low, Math.min(high, Math.log10(values[i])));
        drawn.append(String.format(Locale.ROOT, "%.0f,%.1f ", x(i), y(power)));
      }
      drawn.append("'/>\n");
      int at = 20 + 16 * names.size();
      drawn.append("<path d='M486 " + at + "h18' stroke-width='2' stroke='" + colour + "'/><text x='510' y='" + (at + 4) + "'>" + name + "</text>\n");
    }

    double x(double i) {
      return 56 + i / most * 410;
    }

    double y(double power) {
      return 20 + (high - power) / (high - low) * 240;
    }

    String svg(String title) {
      StringBuilder grid = new StringBuilder();
      for (int power = low; power <= high; power += 2) {
        grid.append(String.format(Locale.ROOT, "<path d='M56 %.1fH466' stroke='#8886'/><text x='50' y='%.1f' text-anchor='end'>%s</text>\n", y(power), y(power) + 4, power == 0 ? "1" : "1e" + power));
      }
      for (int i = 0; i <= most; i += most / 5) {
        grid.append(String.format(Locale.ROOT, "<text x='%.0f' y='278' text-anchor='middle'>%d</text>\n", x(i), i));
      }
      return "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 740 304' font-family='sans-serif' font-size='12' fill='#808890'>\n<title>" + title + "</title>\n" + grid + drawn
          + "<text x='56' y='12'>" + title + "</text><text x='261' y='298' text-anchor='middle'>" + across + "</text>\n</svg>\n";
    }
  }
}
