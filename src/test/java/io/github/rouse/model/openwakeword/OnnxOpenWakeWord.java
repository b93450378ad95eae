// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.openwakeword;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A head as openWakeWord runs it on a stream in ONNX Runtime: 1,280 samples a call with 480 before
 * them, a ring of 76 frames that starts with ones, and a ring of embeddings that starts with those
 * of ones.
 */
public final class OnnxOpenWakeWord {
  private static final int CALL = 1280;
  private static final int BEFORE = 480;
  private static final int BANDS = 32;
  private static final int FRAMES = 76;
  private static final int VALUES = 96;

  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "rouse");

  private final OrtSession melSpectrogram;
  private final OrtSession embedding;
  private final OrtSession head;
  private final int window;

  public OnnxOpenWakeWord(Path backbone, Path head, int window) throws OrtException {
    this.window = window;
    melSpectrogram = session(backbone.resolve("melspectrogram.onnx"));
    embedding = session(backbone.resolve("embedding_model.onnx"));
    this.head = session(head);
  }

  private static OrtSession session(Path file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      return ENVIRONMENT.createSession(file.toString(), options);
    }
  }

  /** All outputs of the head after each call, [calls][outputs]. */
  public float[][] outputs(short[] samples) throws OrtException {
    float[] frames = new float[FRAMES * BANDS];
    Arrays.fill(frames, 1);
    float[] embeddings = new float[window * VALUES];
    float[] ones = run(embedding, frames, 1, FRAMES, BANDS, 1);
    for (int i = 0; i < window; i++) {
      System.arraycopy(ones, 0, embeddings, i * VALUES, VALUES);
    }
    List<float[]> outputs = new ArrayList<>();
    for (int at = 0; at + CALL <= samples.length; at += CALL) {
      int from = Math.max(0, at - BEFORE);
      float[] call = new float[at + CALL - from];
      for (int i = 0; i < call.length; i++) {
        call[i] = samples[from + i];
      }
      float[] decibels = run(melSpectrogram, call, 1, call.length);
      for (int i = 0; i < decibels.length; i++) {
        decibels[i] = decibels[i] / 10 + 2;
      }
      push(frames, decibels);
      push(embeddings, run(embedding, frames, 1, FRAMES, BANDS, 1));
      outputs.add(run(head, embeddings, 1, window, VALUES));
    }
    return outputs.toArray(float[][]::new);
  }

  private static void push(float[] ring, float[] values) {
    System.arraycopy(ring, values.length, ring, 0, ring.length - values.length);
    System.arraycopy(values, 0, ring, ring.length - values.length, values.length);
  }

  private static float[] run(OrtSession session, float[] values, long... shape)
      throws OrtException {
    String input = session.getInputNames().iterator().next();
    FloatBuffer buffer = FloatBuffer.wrap(values);
    try (OnnxTensor tensor = OnnxTensor.createTensor(ENVIRONMENT, buffer, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[out.remaining()];
      out.get(copy);
      return copy;
    }
  }
}
