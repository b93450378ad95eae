package io.github.rouse.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final float[][] FRAMES = TinyNetworks.frames(60, 7);

  @Test
  void aStreamGivesWhatTheWholeClipGivesBitForBit() {
    TinyNetworks.all()
        .forEach(
            (name, network) ->
                assertTrue(
                    Arrays.deepEquals(
                        network.forward(FRAMES), TinyNetworks.streamed(network.start(), FRAMES)),
                    name));
  }

  @Test
  void aResetStreamStartsAfresh() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              NetworkState state = network.start();
              float[][] first = TinyNetworks.streamed(state, FRAMES);
              state.reset();
              assertTrue(Arrays.deepEquals(first, TinyNetworks.streamed(state, FRAMES)), name);
            });
  }

  @Test
  void stepsComeAtTheFirstStepsFrameAndThenEveryStride() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              NetworkState state = network.start();
              for (int t = 0; t < FRAMES.length; t++) {
                int since = t + 1 - network.firstStepFrames();
                assertEquals(
                    since >= 0 && since % network.stride() == 0, state.step(FRAMES[t]), name);
              }
            });
  }

  @Test
  void foldingBatchNormalisationChangesNothing() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              Network folded = network.folded();
              double difference =
                  TinyNetworks.difference(network.forward(FRAMES), folded.forward(FRAMES));
              assertTrue(difference < 1e-5, name + ": " + difference);
            });
    Network classic = TinyNetworks.classic().network();
    assertEquals(9, classic.layers().size());
    assertEquals(6, classic.folded().layers().size());
  }

  @Test
  void aWarmStreamAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              NetworkState state = network.start();
              for (int i = 0; i < 200; i++) {
                state.step(FRAMES[i % FRAMES.length]);
              }
              long before = threads.getCurrentThreadAllocatedBytes();
              for (int i = 0; i < 10_000; i++) {
                state.step(FRAMES[i % FRAMES.length]);
              }
              long bytes = threads.getCurrentThreadAllocatedBytes() - before;
              // The measuring itself and a compiler's replacement cost some, once; a step never.
              assertTrue(bytes < 10_000, name + ": " + bytes + " bytes in 10000 steps");
            });
  }

  @Test
  void aBidirectionalLayerReadsTheClipFromBothEnds() {
    Network network = TinyNetworks.reading(7).both(n -> n.gru(5)).network();
    Bidirectional layer = (Bidirectional) network.layers().get(0);
    float[][] both = network.forward(FRAMES);
    float[][] reversed = FRAMES.clone();
    Collections.reverse(Arrays.asList(reversed));
    float[][] forward = new Network(List.of(layer.forward())).forward(FRAMES);
    float[][] backward = new Network(List.of(layer.backward())).forward(reversed);
    for (int t = 0; t < FRAMES.length; t++) {
      assertArrayEquals(forward[t], Arrays.copyOf(both[t], 5));
      assertArrayEquals(backward[FRAMES.length - 1 - t], Arrays.copyOfRange(both[t], 5, 10));
    }
  }

  @Test
  void aBidirectionalLayerRefusesAStream() {
    Network network = TinyNetworks.reading(7).both(n -> n.gru(5)).network();
    String message = assertThrows(IllegalArgumentException.class, network::start).getMessage();
    assertTrue(message.contains("cannot run on a live stream"), message);
  }

  @Test
  void layersThatDoNotFitAreRefusedByNameAndValue() {
    refused("layers=[], expected at least one", () -> new Network(List.of()));
    refused(
        "layers[1].inputs=3, but layer 0 gives 2",
        () -> new Network(List.of(dense(4, 2), dense(3, 1))));
    refused("bias.length=3", () -> Layer.checkLength("bias", new float[3], 2));
    refused("weights row.length=1, expected 2", () -> new Dense(new float[3][1], new float[2]));
    refused("stride=0", () -> new Conv1d(new float[6][2], new float[2], 3, 0, 0));
    refused("padding=3", () -> new Conv1d(new float[6][2], new float[2], 3, 1, 3));
    refused("kernel=4", () -> new Conv1d(new float[6][2], new float[2], 4, 1, 0));
    refused(
        "inputWeights row.length=5, expected 6",
        () ->
            new Gru(Gru.Reset.AFTER, new float[3][5], new float[2][6], new float[6], new float[6]));
    refused(
        "peepholes.length=5, expected 6",
        () -> new Lstm(new float[3][8], new float[2][8], new float[8], new float[8], new float[5]));
    refused("half=Dense", () -> new Bidirectional(dense(2, 2), dense(2, 2)));
  }

  private static Dense dense(int inputs, int outputs) {
    return new Dense(new float[inputs][outputs], new float[outputs]);
  }

  private static void refused(String expected, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
