// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the first look raises in sound files, kept in a file: trials need it again and again. */
final class HeardFile {
  private final Path path;
  private final Map<Path, List<Candidate>> known = new HashMap<>();

  private HeardFile(Path path) {
    this.path = path;
  }

  /** Reads a file, if there is one; an interrupted run may have left half a record at its end. */
  static HeardFile open(Path path) throws IOException {
    HeardFile file = new HeardFile(path);
    if (Files.exists(path)) {
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
        while (true) {
          file.known.put(Path.of(in.readUTF()), read(in));
        }
      } catch (EOFException e) {
        // the end
      }
    }
    return file;
  }

  private static List<Candidate> read(DataInputStream in) throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      int word = in.readInt();
      long at = in.readLong();
      float first = in.readFloat();
      float second = in.readFloat();
      float score = in.readFloat();
      float[][] views = new float[in.readInt()][in.readInt()];
      for (float[] view : views) {
        for (int v = 0; v < view.length; v++) {
          view[v] = in.readFloat();
        }
      }
      candidates.add(new Candidate(word, at, first, second, score, views));
    }
    return candidates;
  }

  boolean has(Path sound) {
    return known.containsKey(sound);
  }

  List<Candidate> of(Path sound) {
    return known.get(sound);
  }

  void add(Path sound, List<Candidate> candidates) throws IOException {
    known.put(sound, candidates);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                Files.newOutputStream(
                    path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)))) {
      out.writeUTF(sound.toString());
      out.writeInt(candidates.size());
      for (Candidate candidate : candidates) {
        out.writeInt(candidate.word());
        out.writeLong(candidate.at());
        out.writeFloat(candidate.first());
        out.writeFloat(candidate.second());
        out.writeFloat(candidate.score());
        out.writeInt(candidate.views().length);
        out.writeInt(candidate.views()[0].length);
        for (float[] view : candidate.views()) {
          for (float value : view) {
            out.writeFloat(value);
          }
        }
      }
    }
  }
}
