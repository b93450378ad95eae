// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.model.BankFile;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.nn.Network;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the heads of a second look make of other people saying a word, which a model that learns
 * from mistakes must still detect. The audio cannot be recovered from it. Immutable.
 */
public final class People {
  /** How the files' names end. */
  public static final String EXTENSION = ".people";

  private static final BankFile FILE =
      new BankFile(0x524f555345503031L, "a file of people's voices"); // "ROUSEP01"
  private static final int MOST_VALUES = 4096; // of a view
  private static final int MOST_VOICES = 10_000;
  private static final int MOST_VIEWS = 128; // of an utterance

  /**
   * One utterance of the word, by a person whose voice trained no head.
   *
   * @param first score of the first look
   * @param views as in {@link Candidate}
   */
  record SaidWord(float first, float[][] views) {}

  private final String heads; // see headsOf
  private final List<Spread> spreads; // of many people's views
  private final List<SaidWord> voices;

  People(String heads, List<Spread> spreads, List<SaidWord> voices) {
    this.heads = heads;
    this.spreads = List.copyOf(spreads);
    this.voices = List.copyOf(voices);
  }

  /** Identifies what gives a word's views; learning does not change it. */
  static String headsOf(Verifier verifier, int word) {
    StringBuilder hashes = new StringBuilder();
    for (Network network : verifier.heads().get(word).networks()) {
      hashes.append(WeightHash.of(LearntHead.of(network).body()));
    }
    if (verifier.gap() > 0) {
      hashes.append(' ').append(verifier.gap());
    }
    return WeightHash.of(hashes.toString());
  }

  /**
   * Finds the people who say a word of a model among the files of some folders.
   *
   * @return null if there are none
   */
  public static People find(WakeModel model, String word, List<Path> folders) throws IOException {
    Verifier verifier = model.verifier().orElseThrow();
    String wanted = headsOf(verifier, model.words().indexOf(word));
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(EXTENSION)).sorted().toList()) {
          People people = read(file);
          if (people.heads.equals(wanted)) {
            return people;
          }
        }
      }
    }
    return null;
  }

  /** Utterances that must still be detected. */
  List<SaidWord> voices() {
    return voices;
  }

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it is another file, truncated or damaged
   */
  static People read(Path path) throws IOException {
    return FILE.read(path, People::read);
  }

  private static People read(DataInputStream in) throws IOException {
    String heads = in.readUTF();
    int count = BankFile.count(in, MOST_VOICES);
    int viewCount = BankFile.count(in, MOST_VIEWS);
    int values = BankFile.count(in, MOST_VALUES);
    float[] firsts = new float[count];
    for (int v = 0; v < count; v++) {
      firsts[v] = in.readFloat();
    }
    List<Spread> spreads = new ArrayList<>();
    for (int n = 0; n < viewCount; n++) {
      spreads.add(Spread.read(in, values));
    }
    float[][][] views = new float[count][viewCount][values];
    for (int n = 0; n < viewCount; n++) {
      float scale = in.readFloat();
      for (int i = 0; i < values; i++) { // the values of one unit together, which compress better
        for (int v = 0; v < count; v++) {
          views[v][n][i] = scale * in.readByte();
        }
      }
    }
    List<SaidWord> voices = new ArrayList<>();
    for (int v = 0; v < count; v++) {
      voices.add(new SaidWord(firsts[v], views[v]));
    }
    return new People(heads, spreads, voices);
  }

  /** Writes a file; views are rounded to 8 bits. */
  void write(Path path) throws IOException {
    FILE.write(path, this::write);
  }

  private void write(DataOutputStream out) throws IOException {
    float[][] first = voices.get(0).views;
    out.writeUTF(heads);
    out.writeInt(voices.size());
    out.writeInt(first.length);
    out.writeInt(first[0].length);
    for (SaidWord voice : voices) {
      out.writeFloat(voice.first);
    }
    for (Spread spread : spreads) {
      spread.write(out);
    }
    for (int n = 0; n < first.length; n++) {
      float largest = Float.MIN_NORMAL;
      for (SaidWord voice : voices) {
        for (float value : voice.views[n]) {
          largest = Math.max(largest, Math.abs(value));
        }
      }
      float scale = largest / Byte.MAX_VALUE;
      out.writeFloat(scale);
      for (int i = 0; i < first[0].length; i++) {
        for (SaidWord voice : voices) {
          out.writeByte(Math.round(voice.views[n][i] / scale));
        }
      }
    }
  }

  /** The spread of each view. */
  List<Spread> spreads() {
    return spreads;
  }

  /** The spreads of some views, [utterances][views][values]. */
  static List<Spread> spreads(List<float[][]> views) {
    List<Spread> spreads = new ArrayList<>();
    for (int n = 0; n < views.get(0).length; n++) {
      int number = n;
      spreads.add(Spread.of(views.stream().map(view -> view[number]).toList()));
    }
    return spreads;
  }
}
