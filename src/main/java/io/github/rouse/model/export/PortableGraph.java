// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.export;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.gson.JsonObject;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.model.onnx.GraphNodes;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Exports a model for other runtimes as a graph that includes more of Rouse's work.
 *
 * <p>With the front end, {@code pcm} [1, samples] in [-1, 1] replaces {@code features} [1, frames,
 * bins] as the input. A streaming graph returns each state as {@code rouse_X_out}; the caller
 * passes it to the next call as {@code rouse_X_in}:
 *
 * <ul>
 *   <li>{@code pcm} [1, n]: the last samples; initially [1, 0]
 *   <li>{@code smooth} [bands] and {@code frames} [1], of PCEN: initially zeros
 *   <li>{@code context} [1, n, bins]: the last frames; initially zeros, [1, padding, bins]
 *   <li>{@code state_0} [1, 1, units] and so on, of the recurrent layers: initially zeros
 * </ul>
 *
 * <p>The first call takes {@code first} samples or frames, later calls {@code next} or a multiple
 * of it; each {@code next} yields one step of {@code posteriors} [1, steps, words]. The metadata
 * key {@code rouse.export} holds these numbers.
 */
public final class PortableGraph {
  private static final int LONGEST_FRAME = 4096; // samples; the Fourier transform is a matrix

  private final FeatureSpec spec;
  private final boolean streaming;
  private final GraphNodes nodes = new GraphNodes(GraphProto.newBuilder().setName("rouse"));

  private PortableGraph(FeatureSpec spec, boolean streaming) {
    this.spec = spec;
    this.streaming = streaming;
  }

  /** Builds the graph, without metadata. */
  public static ModelProto of(
      Network network, FeatureSpec spec, WeightType type, boolean streaming, boolean frontEnd) {
    PortableGraph portable = new PortableGraph(spec, streaming);
    ModelProto plain = OnnxWriter.model(network, type);
    String features = OnnxWriter.INPUT;
    features =
        frontEnd ? portable.frontEnd() : portable.nodes.input(features, 1, "frames", spec.bins());
    if (streaming) {
      StreamingGraph steps = StreamingGraph.of(plain, network);
      plain = steps.model();
      int context = steps.window() - network.stride();
      if (context < padding(network)) {
        throw new IllegalArgumentException(
            "stride="
                + network.stride()
                + ", too long to stream in windows of "
                + steps.window()
                + " frames");
      }
      if (context > 0) {
        features = portable.carried("context", features, context, spec.bins());
      }
    }
    portable.network(plain.getGraph(), features);
    return plain.toBuilder().setGraph(portable.nodes.graph).build();
  }

  /** What callers need besides names and shapes, as JSON. */
  public static String facts(
      Network network, FeatureSpec spec, boolean streaming, boolean frontEnd) {
    JsonObject facts = new JsonObject();
    facts.addProperty("streaming", streaming);
    facts.addProperty("front_end", frontEnd);
    facts.addProperty("sample_rate", spec.sampleRate());
    int first = network.firstStepFrames();
    int next = network.stride();
    facts.addProperty("first", frontEnd ? spec.frameLength() + (first - 1) * spec.hop() : first);
    facts.addProperty("next", frontEnd ? next * spec.hop() : next);
    facts.addProperty("padding", padding(network));
    return facts.toString();
  }

  private static int padding(Network network) {
    return network.layers().get(0) instanceof Conv1d c ? c.padding() : 0;
  }

  /** Adds the network's nodes, reading {@code features}. */
  private void network(GraphProto network, String features) {
    for (NodeProto node : network.getNodeList()) {
      List<String> inputs =
          node.getInputList().stream()
              .map(name -> name.equals(OnnxWriter.INPUT) ? features : name)
              .collect(Collectors.toUnmodifiableList());
      nodes.graph.addNode(node.toBuilder().clearInput().addAllInput(inputs));
    }
    nodes.graph.addAllInitializer(network.getInitializerList());
    network.getInputList().stream()
        .filter(input -> !input.getName().equals(OnnxWriter.INPUT))
        .forEach(nodes.graph::addInput);
    nodes.graph.addAllOutput(network.getOutputList());
  }

  /**
   * Prepends the values kept from the last call, and outputs the last {@code count} for the next.
   */
  private String carried(String name, String tensor, int count, Object... width) {
    Object[] dims = new Object[2 + width.length];
    dims[0] = 1;
    dims[1] = name + "_length";
    System.arraycopy(width, 0, dims, 2, width.length);
    String in = nodes.input("rouse_" + name + "_in", dims);
    String all =
        nodes.node(name + "_all", "Concat", List.of(in, tensor), GraphNodes.attribute("axis", 1));
    dims[1] = count;
    nodes.output(nodes.slice("rouse_" + name + "_out", all, 1, -count, Long.MAX_VALUE), dims);
    return all;
  }

  private String frontEnd() {
    if (spec.spectrum() instanceof Spectrum.OpenWakeWord) {
      throw new IllegalArgumentException(
          "the front end of openWakeWord cannot be exported; openWakeWord has it as"
              + " melspectrogram.onnx");
    }
    String pcm = nodes.input("pcm", 1, "samples");
    int overlap = spec.frameLength() - spec.hop();
    if (streaming && overlap > 0) {
      pcm = carried("pcm", pcm, overlap);
    }
    Spectrum spectrum = spec.spectrum();
    String power = power(pcm);
    if (spectrum instanceof Spectrum.PowerDensity d) {
      String factors = nodes.floats("density", floats(d.factors(spec.window())), spec.bins());
      return nodes.node("features", "Mul", List.of(power, factors));
    }
    String mel = product("mel", power, spectrum.mel().filters(spec.sampleRate(), spec.fftLength()));
    if (spectrum instanceof Spectrum.Pcen p) {
      return normalised(mel, p);
    } else if (spectrum instanceof Spectrum.Mfcc m) {
      return product("features", logarithm("log_mel", mel, m.floor()), m.transform());
    }
    return logarithm("features", mel, ((Spectrum.LogMel) spectrum).floor());
  }

  /**
   * Computes |FFT|^2 of windowed frames, [1, frames, bins], as a convolution with cosines and
   * sines.
   */
  private String power(String pcm) {
    double[] window = spec.window();
    int bins = spec.fftLength() / 2 + 1;
    if (window.length > LONGEST_FRAME) {
      throw new IllegalArgumentException(
          "frameLength=" + window.length + ", expected at most " + LONGEST_FRAME + " in a graph");
    }
    float[] waves = new float[2 * bins * window.length];
    for (int k = 0; k < bins; k++) {
      for (int i = 0; i < window.length; i++) {
        double angle = 2 * Math.PI * ((long) k * i % spec.fftLength()) / spec.fftLength();
        waves[k * window.length + i] = (float) (window[i] * Math.cos(angle));
        waves[(bins + k) * window.length + i] = (float) (window[i] * Math.sin(angle));
      }
    }
    String channel =
        nodes.node("pcm_channel", "Unsqueeze", List.of(pcm, nodes.integers("axis_1", 1)));
    String both =
        nodes.node(
            "fourier",
            "Conv",
            List.of(channel, nodes.floats("waves", waves, 2L * bins, 1, window.length)),
            GraphNodes.attribute("strides", new long[] {spec.hop()}));
    String squares = nodes.node("squares", "Mul", List.of(both, both));
    String re = nodes.slice("real", squares, 1, 0, bins);
    String im = nodes.slice("imaginary", squares, 1, bins, Long.MAX_VALUE);
    String sum = nodes.node("power_by_bin", "Add", List.of(re, im));
    return nodes.node(
        "power", "Transpose", List.of(sum), GraphNodes.attribute("perm", new long[] {0, 2, 1}));
  }

  private String logarithm(String name, String energies, double floor) {
    String above =
        nodes.node(name + "_above", "Add", List.of(energies, nodes.number("floor", floor)));
    return nodes.node(name, "Log", List.of(above));
  }

  /** Multiplies values [1, frames, n] by the transpose of rows [m][n]. */
  private String product(String name, String values, double[][] rows) {
    float[] transposed = new float[rows.length * rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < rows[r].length; c++) {
        transposed[c * rows.length + r] = (float) rows[r][c];
      }
    }
    String matrix = nodes.floats(name + "_matrix", transposed, rows[0].length, rows.length);
    return nodes.node(name, "MatMul", List.of(values, matrix));
  }

  /** Computes PCEN frame by frame, as its smoother requires. */
  private String normalised(String mel, Spectrum.Pcen pcen) {
    int bands = pcen.mel().bands();
    String axis = nodes.integers("axis_0", 0);
    List<String> inputs = new ArrayList<>();
    inputs.add(state("smooth", bands));
    inputs.add(state("frames", 1));
    inputs.add(nodes.node("mel_frames", "Squeeze", List.of(mel, axis)));
    NodeProto.Builder scan =
        NodeProto.newBuilder()
            .setOpType("Scan")
            .setName("pcen")
            .addAllInput(inputs)
            .addOutput("rouse_smooth_out")
            .addOutput("rouse_frames_out")
            .addOutput("pcen_frames")
            .addAttribute(GraphNodes.attribute("num_scan_inputs", 1))
            .addAttribute(GraphNodes.attribute("body", smoother(pcen, bands)));
    nodes.graph.addNode(scan);
    if (streaming) {
      nodes.output("rouse_smooth_out", bands);
      nodes.output("rouse_frames_out", 1);
    }
    return nodes.node("features", "Unsqueeze", List.of("pcen_frames", axis));
  }

  private String state(String name, int size) {
    return streaming
        ? nodes.input("rouse_" + name + "_in", size)
        : nodes.floats("rouse_" + name + "_in", new float[size], size);
  }

  private static GraphProto.Builder smoother(Spectrum.Pcen pcen, int bands) {
    GraphNodes body = new GraphNodes(GraphProto.newBuilder().setName("pcen"));
    String before = body.input("before", bands);
    String frames = body.input("frames", 1);
    String energies = body.input("energies", bands);
    String one = body.number("one", 1);
    String count = body.node("count", "Add", List.of(frames, one));
    String mean = body.node("mean", "Div", List.of(one, count));
    String share = body.node("share", "Max", List.of(body.number("s", pcen.s()), mean));
    String change = body.node("change", "Sub", List.of(energies, before));
    String part = body.node("part", "Mul", List.of(share, change));
    String smooth = body.node("smooth", "Add", List.of(before, part));
    String above = body.node("above", "Add", List.of(smooth, body.number("eps", pcen.eps())));
    String gain = body.node("gain", "Pow", List.of(above, body.number("alpha", -pcen.alpha())));
    String gained = body.node("gained", "Mul", List.of(energies, gain));
    String biased = body.node("biased", "Add", List.of(gained, body.number("delta", pcen.delta())));
    String root = body.node("root", "Pow", List.of(biased, body.number("r", pcen.r())));
    String bias = body.number("bias", Math.pow(pcen.delta(), pcen.r()));
    String frame = body.node("frame", "Sub", List.of(root, bias));
    body.output(smooth, bands);
    body.output(count, 1);
    body.output(frame, bands);
    return body.graph;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
