// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Opens sessions in ONNX Runtime and names the model in its errors. */
final class Ort {
  private static final Logger LOGGER = Logger.getLogger("ai.onnxruntime.OnnxRuntime");
  private static final long STACK = 64 << 20; // bytes
  private static OrtEnvironment environment;

  private Ort() {}

  /**
   * ONNX Runtime, unpacked into a temporary folder the first time and then deleted there.
   *
   * @throws IllegalStateException if it cannot be unpacked or loaded
   */
  static synchronized OrtEnvironment environment() {
    if (environment == null) {
      Level before = LOGGER.getLevel();
      LOGGER.setLevel(Level.OFF); // the exception says it
      try {
        environment = start();
      } catch (LinkageError e) {
        throw new IllegalStateException(
            "cannot unpack ONNX Runtime into "
                + System.getProperty("java.io.tmpdir")
                + " and load it from there: "
                + reason(e)
                + "; start Java with -Djava.io.tmpdir=FOLDER, where FOLDER has room for 60 MB and is"
                + " not mounted noexec",
            e);
      } finally {
        LOGGER.setLevel(before);
        deleteUnpacked();
      }
    }
    return environment;
  }

  /**
   * Starts it on a thread with a large stack. On the usual megabyte, 1.29 overflows it and ends the
   * process if the command line of Java, with its class path, is longer than some 6 kB.
   */
  private static OrtEnvironment start() {
    FutureTask<OrtEnvironment> start =
        new FutureTask<>(
            () -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "rouse"));
    new Thread(null, start, "rouse-onnxruntime", STACK).start();
    try {
      return start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LinkageError problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ONNX Runtime starts", e);
    }
  }

  private static String reason(Throwable e) {
    return e.getCause() == null ? String.valueOf(e.getMessage()) : reason(e.getCause());
  }

  /** ONNX Runtime deletes its folder on exit before the files in it, so the folder would stay. */
  private static void deleteUnpacked() {
    try {
      Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      field.setAccessible(true);
      if (field.get(null) instanceof Path folder) {
        for (File file : Objects.requireNonNullElse(folder.toFile().listFiles(), new File[0])) {
          Files.delete(file.toPath());
        }
        Files.delete(folder);
      }
    } catch (ReflectiveOperationException | LinkageError | IOException e) {
      // Windows keeps loaded files
    }
  }

  /** Opens a single-threaded session that logs nothing to stderr. */
  static OrtSession session(ModelProto graph) throws OrtException {
    OrtEnvironment opened = environment(); // first: options load the library, too
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Compute products with 8-bit weights in float: by default, 1.29 quantises the other factor
      // too.
      options.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
      return opened.createSession(graph.toByteArray(), options);
    }
  }

  /** Wraps a failure with the model's name; unchecked, so that streams need not declare it. */
  static IllegalStateException failed(String name, OrtException e) {
    return new IllegalStateException(name + ": ONNX Runtime: " + e.getMessage(), e);
  }
}
