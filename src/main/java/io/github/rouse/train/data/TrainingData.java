// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.recipe.Recipe;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
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
import java.util.stream.Stream;

/** Finds, decodes, checks and splits by speaker the recordings of a recipe. */
public final class TrainingData implements Closeable {
  private static final double SHORTEST_SECONDS = 0.05;
  private static final int AT_ONCE = 2; // files per worker and round of decoding

  private final AudioCache cache;
  private final WorkerPool workers;
  private final Consumer<String> problems;
  private final MessageDigest digest; // over all contents; restarted for the hard negatives
  private final Map<Path, String> contents = new HashMap<>(); // SHA-256 of each file's sound
  private final int sampleRate;
  private final PhoneLabels phones;
  private final SpeakerSplit split;
  public final List<Sound> backgrounds = new ArrayList<>();
  public final List<Sound> hardNegatives = new ArrayList<>();
  private final String hash; // SHA-256
  private final String hardHash; // SHA-256, of the hard negatives
  private final int recipeFiles; // without the hard negatives
  private final double recipeSeconds; // of these files
  private int files;
  private double seconds;

  /**
   * Decodes all recordings.
   *
   * @param hardPaths hard negatives that are not in the recipe
   * @param folder for the temporary file of decoded audio
   * @param workers that decode
   * @param problems receives a message for each skipped file
   * @throws IOException if a path has no audio files, or a word has fewer than two recordings
   */
  public TrainingData(
      Recipe recipe,
      List<Path> hardPaths,
      Path folder,
      WorkerPool workers,
      Consumer<String> problems)
      throws IOException {
    this.workers = workers;
    this.problems = problems;
    sampleRate = recipe.features().sampleRate();
    phones = new PhoneLabels(recipe.sources().phones());
    cache = new AudioCache(sampleRate, folder);
    try {
      digest = MessageDigest.getInstance("SHA-256");
      List<List<Sound>> positives = new ArrayList<>(); // by word, the auxiliary ones last
      Map<String, Path> seen = new HashMap<>(); // content hash to path of a positive
      for (List<Path> word : recipe.sources().recordings()) {
        List<Sound> sounds = words(decoded(word));
        if (sounds.size() < 2) {
          throw new IOException(
              word
                  + ": "
                  + sounds.size()
                  + " usable recordings of a word, expected at least 2; record several speakers for"
                  + " real use");
        }
        rejectDuplicates(seen, sounds, "another word");
        sounds.forEach(s -> seen.put(contents.get(s.path()), s.path()));
        positives.add(sounds);
      }
      List<Sound> negatives = decoded(recipe.sources().negatives());
      rejectDuplicates(seen, negatives, "a negative");
      double share = recipe.schedule().heldOut();
      split = SpeakerSplit.of(positives, recipe.words().size(), weighted(negatives), share);
      backgrounds.addAll(decoded(recipe.sources().backgrounds()));
      rejectDuplicates(seen, backgrounds, "a background");
      for (Path labels : recipe.sources().phones()) {
        digest.update(Files.readAllBytes(labels));
      }
      hash = HexFormat.of().formatHex(digest.digest());
      recipeFiles = files;
      recipeSeconds = seconds;
      hardNegatives.addAll(decoded(hardPaths));
      rejectDuplicates(seen, hardNegatives, "a hard negative");
      hardHash = HexFormat.of().formatHex(digest.digest());
      if (!phones.names().isEmpty() && negatives.stream().allMatch(s -> s.phones().isEmpty())) {
        throw new IOException(recipe.sources().phones() + ": matches none of the negatives");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    } catch (IOException | RuntimeException e) {
      cache.close();
      throw e;
    }
  }

  private List<Sound> decoded(List<Path> paths) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path path : paths) {
      List<Path> starts = Files.exists(path) ? List.of(path) : matching(path);
      int before = found.size();
      for (Path start : starts) {
        try (Stream<Path> tree = Files.walk(start, FileVisitOption.FOLLOW_LINKS)) {
          tree.filter(Files::isRegularFile)
              .filter(f -> f.equals(start) || AudioFile.hasAudioName(f))
              .sorted()
              .forEach(found::add);
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
              decoded.set(i, AudioCache.decode(paths.get(i), sampleRate));
            } catch (IOException e) {
              failures[i] = e;
            }
          }
        });
    for (int i = 0; i < paths.size(); i++) {
      if (failures[i] != null) {
        problems.accept("skipped: " + failures[i].getMessage());
        continue;
      }
      Path path = paths.get(i);
      Sound sound = cache.add(path, decoded.get(i)).with(phones.of(path, sampleRate));
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

  /** Skips recordings that cannot be of a single word. */
  private List<Sound> words(List<Sound> sounds) {
    List<Sound> usable = new ArrayList<>();
    for (Sound sound : sounds) {
      if (sound.length() > AudioCache.ONE_WORD_SECONDS * sampleRate) {
        problems.accept(
            String.format(
                "skipped: %s: is %d s long, expected one word",
                sound.path(), sound.length() / sampleRate));
      } else if (sound.isSilent()) {
        problems.accept("skipped: " + sound.path() + ": contains only silence");
      } else {
        usable.add(sound);
      }
    }
    return usable;
  }

  /** Repeats long recordings once per 3 s, so that negatives are drawn in proportion to length. */
  private List<Sound> weighted(List<Sound> sounds) {
    List<Sound> weighted = new ArrayList<>(sounds);
    for (Sound sound : sounds) {
      double stretches = sound.length() / (ClipSynthesizer.WHOLE_SECONDS * sampleRate);
      for (int i = 1; i < Math.round(stretches); i++) {
        weighted.add(sound);
      }
    }
    return weighted;
  }

  private static String sha256(List<short[]> pieces) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (short[] piece : pieces) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * piece.length);
        bytes.asShortBuffer().put(piece);
        digest.update(bytes.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    }
  }

  /** Rejects recordings whose content was already used for a word. */
  private void rejectDuplicates(Map<String, Path> others, List<Sound> sounds, String role)
      throws IOException {
    for (Sound sound : sounds) {
      Path other = others.get(contents.get(sound.path()));
      if (other != null) {
        throw new IOException(
            sound.path() + ": has the same audio as the word " + other + ", but is " + role);
      }
    }
  }

  /** The training part. */
  public SpeakerSplit.Part trained() {
    return split.trained();
  }

  /** Whether every word, and the negatives if any, have held-out recordings. */
  public boolean holdsOut() {
    return split.holdsOut();
  }

  /** The part to measure on: held-out recordings or, without any, the training part. */
  public SpeakerSplit.Part measured() {
    return holdsOut() ? split.heldOut() : split.trained();
  }

  /** Outputs of the network in training: words, auxiliary words, phones. */
  public int outputs() {
    return split.trained().positives().size() + phones.names().size();
  }

  /** Usable files of the recipe. */
  public int files() {
    return recipeFiles;
  }

  /** A description of the given hard negatives. */
  public String hardNegativesSaid() {
    return hardNegatives.isEmpty()
        ? "none given"
        : hardNegatives.size() + " files, SHA-256 " + hardHash;
  }

  /** Hours of audio in the recipe's usable files. */
  public double hours() {
    return recipeSeconds / 3600;
  }

  /** SHA-256 over the SHA-256 of each file's decoded audio, in the recipe's order. */
  public String hash() {
    return hash;
  }

  /**
   * Which recordings belong to which part, for a checkpoint's identity: {@link #hash} does not
   * include the boundaries between parts.
   */
  public String parts() {
    return split.parts() + backgrounds.size();
  }

  @Override
  public void close() throws IOException {
    cache.close();
  }
}
