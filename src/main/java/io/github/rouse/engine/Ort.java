package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

/** What everything here asks of ONNX Runtime's own API. */
final class Ort {
  private Ort() {}

  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "rouse");
  }

  /** A session of one thread that says nothing on stderr. */
  static OrtSession session(ModelProto graph) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Products with 8-bit weights in floats: left to itself, 1.29 rounds the other factor to 8
      // bits.
      options.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
      return environment().createSession(graph.toByteArray(), options);
    }
  }

  /** A failure with the model's name; a checked exception would burden every stream. */
  static IllegalStateException failed(String name, OrtException e) {
    return new IllegalStateException(name + ": ONNX Runtime: " + e.getMessage(), e);
  }
}
