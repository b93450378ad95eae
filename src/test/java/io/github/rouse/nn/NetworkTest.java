// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.rouse.state.Snapshot;
import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final float[][] FRAMES = TinyNetworks.frames(60, 7);

  @Test
  void everyKindOfLayerIsAmongTheTinyNetworks() {
    Set<Class<?>> kinds = new HashSet<>();
    Stream.concat(
            TinyNetworks.all().values().stream(), TinyNetworks.bidirectional().values().stream())
        .flatMap(network -> network.layers().stream())
        .forEach(layer -> kinds.add(layer.getClass()));
    kinds.addAll(Set.of(Windowed.class, PhraseSearch.class)); // have tests of their own
    for (Class<?> kind : kinds(Layer.class)) {
      assertTrue(kinds.contains(kind), kind + " is in no tiny network");
    }
  }

  private static List<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(k -> kinds(k).stream()).toList()
        : List.of(type);
  }

  @Test
  void layersAreAlikeIfTheyHoldTheSameValues() {
    Map<String, Network> again = TinyNetworks.all();
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              Network other = again.get(name);
              int cascade = name.startsWith("cascade") ? 1 : 0; // is only like itself
              assertEquals(network.layers().size() - cascade, network.layersLike(other), name);
              if (other.layers().get(0).parts()[0] instanceof float[][] weights) {
                weights[0][0] = Math.nextUp(weights[0][0]);
                assertEquals(0, network.layersLike(other), name);
              }
            });
  }

  @Test
  void aStreamMatchesTheWholeClipBitForBit() {
    TinyNetworks.all()
        .forEach(
            (name, network) ->
                assertTrue(
                    Arrays.deepEquals(
                        network.forward(FRAMES), TinyNetworks.streamed(network.start(), FRAMES)),
                    name));
  }

  @Test
  void aSavedStreamContinuesBitForBit() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              float[][] whole = TinyNetworks.streamed(network.start(), FRAMES);
              NetworkState first = network.start();
              List<float[]> parts =
                  new ArrayList<>(List.of(TinyNetworks.streamed(first, Arrays.copyOf(FRAMES, 31))));
              NetworkState second = network.start();
              second.state(Snapshot.from(Snapshot.save(first::state)));
              parts.addAll(
                  List.of(
                      TinyNetworks.streamed(
                          second, Arrays.copyOfRange(FRAMES, 31, FRAMES.length))));
              assertTrue(Arrays.deepEquals(whole, parts.toArray(float[][]::new)), name);
            });
  }

  @Test
  void batchingChangesNoBit() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              float[][] one = TinyNetworks.streamed(network.start(), FRAMES);
              NetworkState state = network.start();
              List<float[]> some = new ArrayList<>();
              for (int from = 0, n = 0; from < FRAMES.length; from += n) {
                n = Math.min(1 + (from + n) % 7, FRAMES.length - from);
                StepBatch steps =
                    state.run(StepBatch.of(Arrays.copyOfRange(FRAMES, from, from + n)));
                for (int step = 0; step < steps.count(); step++) {
                  some.add(steps.values(step).clone());
                }
              }
              assertTrue(Arrays.deepEquals(one, some.toArray(float[][]::new)), name);
            });
  }

  @Test
  void streamsDoNotAffectEachOther() {
    int streams = 11; // kernels process eight, four and one at a time
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              NetworkState state = network.start(streams);
              List<List<float[]>> heard = new ArrayList<>();
              List<List<float[]>> given = new ArrayList<>();
              for (int stream = 0; stream < streams; stream++) {
                heard.add(new ArrayList<>());
                given.add(new ArrayList<>());
              }
              Random random = new Random(3);
              for (int call = 0; call < 40; call++) {
                if (call == 20) { // stream 4 starts afresh
                  state.reset(4);
                  heard.get(4).clear();
                  given.get(4).clear();
                }
                StepBatch frames = new StepBatch();
                for (int round = random.nextInt(9); round > 0; round--) {
                  for (int stream = 0; stream < streams; stream++) {
                    if (random.nextInt(3) > 0) {
                      float[] frame = FRAMES[random.nextInt(FRAMES.length)];
                      frames.add(stream, frame);
                      given.get(stream).add(frame);
                    }
                  }
                }
                StepBatch out = state.run(frames);
                for (int step = 0; step < out.count(); step++) {
                  heard.get(out.stream(step)).add(out.values(step).clone());
                }
              }
              for (int stream = 0; stream < streams; stream++) {
                float[][] alone = network.forward(given.get(stream).toArray(float[][]::new));
                assertTrue(
                    Arrays.deepEquals(alone, heard.get(stream).toArray(float[][]::new)),
                    name + ", stream " + stream);
              }
            });
  }

  @Test
  void aResetStreamStartsAfresh() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              NetworkState state = network.start();
              float[][] first = TinyNetworks.streamed(state, FRAMES);
              state.reset(0);
              assertTrue(Arrays.deepEquals(first, TinyNetworks.streamed(state, FRAMES)), name);
            });
  }

  @Test
  void stepsComeAfterTheFirstStepsFramesAndThenEveryStride() {
    TinyNetworks.all()
        .forEach(
            (name, network) -> {
              NetworkState state = network.start();
              for (int t = 0; t < FRAMES.length; t++) {
                int since = t + 1 - network.firstStepFrames();
                boolean due = since >= 0 && since % network.stride() == 0;
                StepBatch steps = state.run(StepBatch.of(new float[][] {FRAMES[t]}));
                assertEquals(due ? 1 : 0, steps.count(), name);
                assertEquals(due, network.completes(t + 1), name);
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
    Map<String, Network> networks = new LinkedHashMap<>(TinyNetworks.all());
    // Wider than a vector: JDK 17 boxes vectors in loops it cannot optimise.
    networks.put("wide", TinyNetworks.reading(7).conv(40, 3, 1, 0).gru(64).gru(64).network());
    networks.forEach(
        (name, network) -> {
          NetworkState state = network.start();
          StepBatch frames = new StepBatch();
          long bytes = Long.MAX_VALUE;
          for (int round = 0;
              round < 200 && bytes > 10_000;
              round++) { // until everything is compiled
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
              frames.clear();
              for (int t = 0; t <= i % 4; t++) {
                frames.add(0, FRAMES[t]);
              }
              state.run(frames);
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
          }
          // Measuring and recompilation allocate a little, once; a step never does.
          assertTrue(bytes <= 10_000, name + ": " + bytes + " bytes in 10000 calls");
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
  void aBidirectionalLayerCannotStream() {
    Network network = TinyNetworks.reading(7).both(n -> n.gru(5)).network();
    String message = assertThrows(IllegalArgumentException.class, network::start).getMessage();
    assertTrue(message.contains("cannot run on a live stream"), message);
  }

  @Test
  void mismatchedLayersAreRejectedByNameAndValue() {
    assertRejected("layers=[], expected at least one", () -> new Network(List.of()));
    assertRejected(
        "layers[1].inputs=3, but layer 0 gives 2",
        () -> new Network(List.of(dense(4, 2), dense(3, 1))));
    assertRejected("bias.length=3", () -> Layer.checkLength("bias", new float[3], 2));
    assertRejected(
        "weights row.length=1, expected 2", () -> new Dense(new float[3][1], new float[2]));
    assertRejected("stride=0", () -> new Conv1d(new float[6][2], new float[2], 3, 0, 0));
    assertRejected("padding=3", () -> new Conv1d(new float[6][2], new float[2], 3, 1, 3));
    assertRejected("kernel=4", () -> new Conv1d(new float[6][2], new float[2], 4, 1, 0));
    assertRejected(
        "inputWeights row.length=5, expected 6",
        () ->
            new Gru(Gru.Reset.AFTER, new float[3][5], new float[2][6], new float[6], new float[6]));
    assertRejected(
        "peepholes.length=5, expected 6",
        () -> new Lstm(new float[3][8], new float[2][8], new float[8], new float[8], new float[5]));
    assertRejected("half=Dense", () -> new Bidirectional(dense(2, 2), dense(2, 2)));
  }

  @Test
  void tooLongReceptiveFieldsAndStridesAreRejected() {
    assertRejected(
        "stride=4097, expected at most 4096 frames", () -> new Network(List.of(conv(1, 4097))));
    assertRejected("stride=8192", () -> new Network(List.of(conv(1, 4096), conv(1, 2))));
    assertRejected(
        "receptiveField=4097, expected at most 4096 frames",
        () -> new Network(List.of(conv(4097, 1))));
    assertRejected("receptiveField=5001", () -> new Network(List.of(conv(1, 1000), conv(6, 1))));
    // In an int, the strides' product is 0 and the receptive field is negative.
    assertRejected("stride=65536", () -> new Network(List.of(conv(1, 1 << 16), conv(1, 1 << 16))));
    assertRejected(
        "stride=2147483647", () -> new Network(List.of(conv(1, Integer.MAX_VALUE), conv(3, 1))));
    Network longest = new Network(List.of(conv(2, 4096), conv(1, 1)));
    assertEquals(4096, longest.stride());
    assertEquals(2, longest.firstStepFrames());
    assertEquals(4096, new Network(List.of(conv(4096, 1))).firstStepFrames());
  }

  private static Conv1d conv(int kernel, int stride) {
    return new Conv1d(new float[kernel][1], new float[1], kernel, stride, 0);
  }

  @Test
  void paddingExtendsTheReceptiveFieldWithoutDelayingTheFirstStep() {
    Conv1d padded = new Conv1d(new float[5][1], new float[1], 5, 3, 4);
    assertEquals(1 + 3 * 1, new Network(List.of(padded, conv(2, 1))).firstStepFrames());
    assertEquals(1, new Network(List.of(padded, padded)).firstStepFrames());
    Conv1d far = new Conv1d(new float[4097][1], new float[1], 4097, 1, 4096);
    assertRejected("receptiveField=4097", () -> new Network(List.of(far)));
  }

  @Test
  void everyLayerCountsItsParameters() {
    TinyNetworks.all().forEach(NetworkTest::countsItsParameters);
    TinyNetworks.bidirectional().forEach(NetworkTest::countsItsParameters);
    assertEquals(7 * 3 + 3, TinyNetworks.reading(7).dense(3).network().parameters());
  }

  private static void countsItsParameters(String name, Network network) {
    long numbers = 0;
    for (Layer layer : network.layers()) {
      assertEquals(numbers(layer), layer.parameters(), name + ": " + layer.getClass());
      numbers += numbers(layer);
    }
    assertEquals(numbers, network.parameters(), name);
  }

  /** All floats in a layer's arrays. */
  private static long numbers(Layer layer) {
    long numbers = 0;
    if (layer instanceof Conv1d.Lead) {
      return 0; // its steps are not trained
    }
    for (RecordComponent component : layer.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(layer);
        if (value instanceof float[] vector) {
          numbers += vector.length;
        } else if (value instanceof float[][] rows) {
          numbers += Arrays.stream(rows).mapToLong(row -> row.length).sum();
        } else if (value instanceof Layer inner) {
          numbers += numbers(inner);
        } else if (value instanceof Network inner) {
          numbers += inner.layers().stream().mapToLong(NetworkTest::numbers).sum();
        }
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    return numbers;
  }

  @Test
  void aNegativeVarianceIsRejected() {
    float[] one = {1};
    assertRejected(
        "variance[0]+epsilon=-0.5, expected above 0",
        () -> new BatchNorm(one, one, one, new float[] {-1}, 0.5f));
    assertRejected("variance[0]+epsilon=0.0", () -> new BatchNorm(one, one, one, new float[1], 0));
    assertRejected("=NaN", () -> new BatchNorm(one, one, one, one, Float.NaN));
    assertRejected("=Infinity", () -> new BatchNorm(one, one, one, one, Float.POSITIVE_INFINITY));
    assertEquals(1, new BatchNorm(one, one, one, new float[1], 1e-9f).outputs());
  }

  private static Dense dense(int inputs, int outputs) {
    return new Dense(new float[inputs][outputs], new float[outputs]);
  }

  private static void assertRejected(String expected, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
