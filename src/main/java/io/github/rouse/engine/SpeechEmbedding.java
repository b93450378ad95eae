// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Google's speech embedding (Lin et al. 2020, "Training keyword spotters with limited and
 * synthesized speech data") as openWakeWord converted it: PCM at 16 kHz to 32 mel bands every 10
 * ms, and 76 of these to a vector every 80 ms. The embedding's convolutions have no padding in
 * time, so it runs over a whole recording at once, a tenth of the work of running it window by
 * window.
 */
public final class SpeechEmbedding implements AutoCloseable {
  /** Of the sound, Hz. */
  public static final int SAMPLE_RATE = 16_000;

  private static final int HOP = 160; // samples from one mel frame to the next
  private static final int FFT = 512; // samples that a frame reads
  private static final int MARGIN = 56; // of these before and after the window of 400
  private static final int BANDS = 32;
  private static final int WINDOW = 76; // frames that a vector reads
  private static final int STRIDE = 8; // frames from one vector to the next
  private static final int CHUNK =
      3000; // frames at a time; the graph clips 80 dB below a chunk's peak
  private static final float FULL_SCALE = 32768; // the mel graph reads 16-bit values

  private final String name;
  private final OrtSession mel;
  private final OrtSession embedding;
  private final int values;

  /**
   * Opens the two graphs.
   *
   * @throws IOException if a file cannot be read, or is not such a graph
   */
  public SpeechEmbedding(Path melFile, Path embeddingFile) throws IOException {
    name = embeddingFile.toString();
    ModelProto graph = OnnxFile.read(embeddingFile);
    try {
      mel = Ort.session(OnnxFile.read(melFile));
      embedding = Ort.session(overTime(graph));
      values = vectors(new float[WINDOW * BANDS], WINDOW)[0].length;
      checkOverTime(graph);
    } catch (OrtException | RuntimeException e) {
      throw new IOException(
          melFile + ", " + embeddingFile + ": not a speech embedding: " + e.getMessage(), e);
    }
  }

  /** The graph without the reshapes at its ends, which fix the number of frames. */
  private static ModelProto overTime(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    int last = graph.getNodeCount() - 1;
    NodeProto first = graph.getNode(0);
    NodeProto end = graph.getNode(last);
    if (!first.getOpType().equals("Reshape") || !end.getOpType().equals("Reshape")) {
      throw new IllegalArgumentException("expected a reshape at both ends of the graph");
    }
    graph.getInputBuilder(0).setName(first.getOutput(0));
    graph.getOutputBuilder(0).setName(end.getInput(0));
    graph.removeNode(last).removeNode(0);
    TensorShapeProto.Builder in = TensorShapeProto.newBuilder();
    in.addDimBuilder().setDimValue(1);
    in.addDimBuilder().setDimValue(1);
    in.addDimBuilder().setDimParam("frames");
    in.addDimBuilder().setDimValue(BANDS);
    graph.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setShape(in);
    graph.getOutputBuilder(0).getTypeBuilder().getTensorTypeBuilder().clearShape();
    return model.toBuilder().setGraph(graph).build();
  }

  /** Checks that vectors are the same whether the graph reads a window or a recording. */
  private void checkOverTime(ModelProto graph) throws OrtException {
    int frames = WINDOW + 3 * STRIDE;
    float[] ramp = new float[frames * BANDS];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (i * 31 % 97) / 10f;
    }
    float[][] all = vectors(ramp, frames);
    FloatBuffer lastWindow =
        FloatBuffer.wrap(Arrays.copyOfRange(ramp, 3 * STRIDE * BANDS, frames * BANDS));
    try (OrtSession whole = Ort.session(graph);
        OnnxTensor in =
            OnnxTensor.createTensor(
                Ort.environment(), lastWindow, new long[] {1, WINDOW, BANDS, 1});
        OrtSession.Result result = whole.run(Map.of(whole.getInputNames().iterator().next(), in))) {
      FloatBuffer one = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int i = 0; i < values; i++) {
        if (!(Math.abs(one.get(i) - all[all.length - 1][i]) < 1e-3)) {
          throw new IllegalArgumentException("vectors depend on how the sound is cut");
        }
      }
    }
  }

  /** Values of a vector. */
  public int values() {
    return values;
  }

  /** The sample after the last one that vector {@code k} hears. */
  public static long end(long k) {
    return HOP * (WINDOW - 1 + STRIDE * k) + FFT - MARGIN;
  }

  /** Samples from one vector to the next. */
  public static int step() {
    return HOP * STRIDE;
  }

  /**
   * The vectors of a recording.
   *
   * @param samples in [-1, 1]
   * @return [vectors][values]; none if it is shorter than 0.79 s
   */
  public float[][] embed(float[] samples) {
    int frames = samples.length < FFT ? 0 : (samples.length - FFT) / HOP + 1;
    if (frames < WINDOW) {
      return new float[0][];
    }
    float[] bands = new float[frames * BANDS];
    try {
      for (int from = 0; from < frames; from += CHUNK) {
        bands(samples, from, Math.min(CHUNK, frames - from), bands);
      }
      return vectors(bands, frames);
    } catch (OrtException e) {
      throw Ort.failed(name, e);
    }
  }

  private void bands(float[] samples, int from, int frames, float[] to) throws OrtException {
    float[] part = new float[(frames - 1) * HOP + FFT];
    for (int i = 0; i < part.length; i++) {
      part[i] = FULL_SCALE * samples[from * HOP + i];
    }
    try (OnnxTensor in =
            OnnxTensor.createTensor(
                Ort.environment(), FloatBuffer.wrap(part), new long[] {1, part.length});
        OrtSession.Result result = mel.run(Map.of(mel.getInputNames().iterator().next(), in))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int i = 0; i < frames * BANDS; i++) {
        to[from * BANDS + i] = values.get(i) / 10 + 2; // as openWakeWord scales them
      }
    }
  }

  /** The vectors of mel bands, [frames][bands] flat. */
  private float[][] vectors(float[] bands, int frames) throws OrtException {
    int count = (frames - WINDOW) / STRIDE + 1;
    float[][] vectors = new float[count][];
    int atOnce = CHUNK / STRIDE;
    for (int from = 0; from < count; from += atOnce) {
      int n = Math.min(atOnce, count - from);
      int first = from * STRIDE * BANDS;
      int length = (WINDOW + (n - 1) * STRIDE) * BANDS;
      try (OnnxTensor in =
              OnnxTensor.createTensor(
                  Ort.environment(),
                  FloatBuffer.wrap(Arrays.copyOfRange(bands, first, first + length)),
                  new long[] {1, 1, length / BANDS, BANDS});
          OrtSession.Result result =
              embedding.run(Map.of(embedding.getInputNames().iterator().next(), in))) {
        FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer(); // [1][values][n][1]
        int width = out.remaining() / n;
        for (int k = 0; k < n; k++) {
          vectors[from + k] = new float[width];
          for (int i = 0; i < width; i++) {
            vectors[from + k][i] = out.get(i * n + k);
          }
        }
      }
    }
    return vectors;
  }

  @Override
  public void close() {
    try {
      mel.close();
      embedding.close();
    } catch (OrtException e) {
      throw Ort.failed(name, e);
    }
  }
}
