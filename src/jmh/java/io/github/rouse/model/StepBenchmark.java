// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of one stream: how long all but the slowest take, and (with {@code -prof gc}) what they
 * allocate.
 */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime}) // sampling itself allocates some bytes
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgs = {
      "-XX:+UseSerialGC",
      "--add-modules",
      "jdk.incubator.vector",
      "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"
    })
public class StepBenchmark {
  @Param({"classic", "models/jarvis.onnx", "models/multi/words.onnx"})
  private String model;

  private final StepBatch frames = new StepBatch();
  private PosteriorStreams stream;

  /** Starts the stream. */
  @Setup
  public void start() throws IOException {
    WakeModel read = model.equals("classic") ? classic() : WakeModel.read(Path.of(model));
    stream = read.start(Engine.NATIVE, 1);
    Random random = new Random(1);
    for (int i = 0; i < read.network().stride(); i++) {
      float[] frame = new float[read.network().inputs()];
      for (int bin = 0; bin < frame.length; bin++) {
        frame[bin] = (float) random.nextGaussian();
      }
      frames.add(0, frame);
    }
  }

  /** The classic network, with random weights. */
  public static WakeModel classic() {
    Network network =
        TinyNetworks.reading(FeatureSpec.CLASSIC.bins())
            .conv(196, 15, 4, 0)
            .norm()
            .relu()
            .gru(128)
            .norm()
            .gru(128)
            .norm()
            .dense(1)
            .sigmoid()
            .network();
    return new WakeModel(
        "classic",
        List.of("word"),
        FeatureSpec.CLASSIC,
        TriggerPolicy.DEFAULT,
        network,
        Provenance.NONE);
  }

  /** The frames of a step. */
  @Benchmark
  public StepBatch step() {
    return stream.run(frames);
  }
}
