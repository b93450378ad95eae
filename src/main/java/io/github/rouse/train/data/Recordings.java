// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.file.FileTree;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;

/** Finds and decodes a recipe's recordings, and hashes what they contain. */
public final class Recordings implements Closeable {
  private static final double SHORTEST_SECONDS = 0.05;
  private static final int AT_ONCE = 2; // files per worker and round of decoding

  private final int sampleRate;
  private final Channel channel;
  private final AudioCache cache;
  private final WorkerPool workers;
  private final Consumer<String> problems;
  private final Consumer<IOException> unreadable;
  private final MessageDigest digest = digest(); // over all contents since it was last asked for
  private final Map<Path, String> contents = new HashMap<>(); // SHA-256 of each file's sound
  private int files;
  private double seconds;

  /**
   * Starts without any.
   *
   * @param sampleRate to decode to, Hz
   * @param channel of each recording
   * @param folder for the temporary file of decoded audio
   * @param workers that decode
   * @param problems receives a message for each file that is skipped though it can be read
   * @param unreadable receives why a file cannot be read to its end
   */
  public Recordings(
      int sampleRate,
      Channel channel,
      Path folder,
      WorkerPool workers,
      Consumer<String> problems,
      Consumer<IOException> unreadable)
      throws IOException {
    this.sampleRate = sampleRate;
    this.channel = channel;
    this.workers = workers;
    this.problems = problems;
    this.unreadable = unreadable;
    cache = new AudioCache(sampleRate, folder);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    }
  }

  /**
   * Decodes the audio files of paths: files, folders, or patterns in a path's last part.
   *
   * @throws IOException if a path has no audio files, or none of them is usable
   */
  public List<Sound> decode(List<Path> paths) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path path : paths) {
      List<Path> starts = Files.exists(path) ? List.of(path) : matching(path);
      int before = found.size();
      for (Path start : starts) {
        for (Path file : filesBelow(start)) {
          if (file.equals(start) || AudioFile.isSound(file)) {
            found.add(file);
          }
        }
      }
      if (found.size() == before) {
        throw new IOException(path + ": contains no audio files");
      }
    }
    List<Sound> sounds = new ArrayList<>();
    int atOnce = AT_ONCE * workers.count();
    for (int from = 0; from < found.size(); from += atOnce) {
      keep(found.subList(from, Math.min(found.size(), from + atOnce)), sounds);
    }
    if (sounds.isEmpty() && !found.isEmpty()) {
      throw new IOException(paths.get(0) + ": contains no usable audio");
    }
    return sounds;
  }

  /** All files of a folder, or the file itself, sorted. */
  private List<Path> filesBelow(Path start) throws IOException {
    List<Path> files = new ArrayList<>();
    FileTree.walk(
        start,
        (file, attributes) -> {
          if (attributes.isRegularFile()) {
            files.add(file);
          }
        },
        unreadable);
    Collections.sort(files);
    return files;
  }

  /** Expands a path whose last part is a pattern such as {@code [0-3]*.wav}; sorted. */
  private static List<Path> matching(Path pattern) throws IOException {
    Path folder = pattern.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(pattern.toString());
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> matches =
        Files.newDirectoryStream(folder, pattern.getFileName().toString())) {
      matches.forEach(found::add);
    } catch (PatternSyntaxException e) {
      throw new IOException(pattern + ": not a file, and not a pattern: " + e.getDescription(), e);
    }
    if (found.isEmpty()) {
      throw new NoSuchFileException(pattern.toString());
    }
    found.sort(null);
    return found;
  }

  /** Decodes files in parallel and appends them in order. */
  private void keep(List<Path> paths, List<Sound> sounds) throws IOException {
    List<List<short[]>> decoded = new ArrayList<>(Collections.nCopies(paths.size(), null));
    IOException[] failures = new IOException[paths.size()];
    AtomicInteger next = new AtomicInteger();
    workers.each(
        workers.count(),
        (part, from, to, product) -> {
          for (int i; (i = next.getAndIncrement()) < paths.size(); ) {
            try {
              decoded.set(i, AudioCache.decode(paths.get(i), channel, sampleRate));
            } catch (IOException e) {
              failures[i] = e;
            }
          }
        });
    for (int i = 0; i < paths.size(); i++) {
      if (failures[i] != null) {
        unreadable.accept(failures[i]);
        continue;
      }
      Path path = paths.get(i);
      Sound sound = cache.add(path, decoded.get(i));
      if (sound.length() < SHORTEST_SECONDS * sampleRate) {
        problems.accept("skipped: " + sound.path() + ": shorter than " + SHORTEST_SECONDS + " s");
        continue;
      }
      sounds.add(sound);
      String content = sha256(decoded.get(i));
      contents.put(sound.path(), content);
      digest.update(content.getBytes(StandardCharsets.US_ASCII));
      files++;
      seconds += (double) sound.length() / sampleRate;
    }
  }

  private static String sha256(List<short[]> pieces) {
    MessageDigest digest = digest();
    for (short[] piece : pieces) {
      ByteBuffer bytes = ByteBuffer.allocate(2 * piece.length);
      bytes.asShortBuffer().put(piece);
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Adds a file that is not audio, such as labels, to the hash. */
  void include(Path file) throws IOException {
    digest.update(Files.readAllBytes(file));
  }

  /** SHA-256 over the SHA-256 of each file's decoded audio, in order, since the last call. */
  public String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of a recording's decoded audio. */
  public String content(Sound sound) {
    return contents.get(sound.path());
  }

  /** Usable files so far. */
  public int files() {
    return files;
  }

  /** Seconds of audio in them. */
  public double seconds() {
    return seconds;
  }

  @Override
  public void close() throws IOException {
    cache.close();
  }
}
