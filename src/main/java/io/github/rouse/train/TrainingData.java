package io.github.rouse.train;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.train.SoundBank.Sound;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The recordings of a recipe, decoded, and split by speaker into those trained on and those held
 * out: of each word and of the negatives a share of the speakers, rounded down, and nobody at all
 * where that is nobody of one of them, as then there is too little to measure on. A file's speaker
 * is its name up to the first dash or underscore, as recordings are commonly named.
 */
final class TrainingData implements Closeable {
  /**
   * One side of the split.
   *
   * @param positives by word, the auxiliary ones last
   * @param negatives long recordings stand here several times, see {@link #weighted}
   */
  record Part(List<List<Sound>> positives, List<Sound> negatives) {}

  private static final double SHORTEST_SECONDS = 0.05;
  private static final int AT_ONCE = 2; // files per worker decoded before any is kept

  private final SoundBank bank;
  private final Workers workers;
  private final Consumer<String> problems;
  private final MessageDigest digest; // of all contents; the hard negatives' begin anew
  private final Map<Path, String> contents = new HashMap<>(); // SHA-256 of each file's sound
  private final int sampleRate;
  private final PhoneLabels phones;
  private final int words; // without the auxiliary ones
  final Part trained = new Part(new ArrayList<>(), new ArrayList<>());
  final Part heldOut = new Part(new ArrayList<>(), new ArrayList<>());
  final List<Sound> backgrounds = new ArrayList<>();
  final List<Sound> hardNegatives = new ArrayList<>();
  private final String hash; // SHA-256
  private final String hardHash; // SHA-256, of the hard negatives
  private final int recipeFiles; // without the hard negatives
  private final double recipeSeconds; // of these files
  private int files;
  private double seconds;

  /**
   * Decodes everything.
   *
   * @param hardPaths recordings taken for a word, beside the recipe's
   * @param folder for the temporary file of decoded sound
   * @param workers to decode with
   * @param problems told of each file that is left out, and why
   * @throws IOException if a path leads nowhere, or a word has fewer than two recordings
   */
  TrainingData(
      Recipe recipe, List<Path> hardPaths, Path folder, Workers workers, Consumer<String> problems)
      throws IOException {
    this.workers = workers;
    this.problems = problems;
    sampleRate = recipe.features().sampleRate();
    words = recipe.words().size();
    phones = new PhoneLabels(recipe.sources().phones());
    bank = new SoundBank(sampleRate, folder);
    try {
      digest = MessageDigest.getInstance("SHA-256");
      List<List<Sound>> positives = new ArrayList<>(); // by word, the auxiliary ones last
      Map<String, Path> seen = new HashMap<>(); // content to where it was a positive
      for (List<Path> word : recipe.sources().recordings()) {
        List<Sound> sounds = words(decoded(word));
        if (sounds.size() < 2) {
          throw new IOException(
              word
                  + ": "
                  + sounds.size()
                  + " usable recordings of a word, expected at least 2, of several speakers for"
                  + " real use");
        }
        refuseAmong(seen, sounds, "one word");
        sounds.forEach(s -> seen.put(contents.get(s.path()), s.path()));
        positives.add(sounds);
      }
      List<Sound> negatives = decoded(recipe.sources().negatives());
      refuseAmong(seen, negatives, "a negative");
      split(positives, negatives, recipe.schedule().heldOut());
      weighted(trained.negatives);
      weighted(heldOut.negatives);
      backgrounds.addAll(decoded(recipe.sources().backgrounds()));
      refuseAmong(seen, backgrounds, "a background");
      for (Path labels : recipe.sources().phones()) {
        digest.update(Files.readAllBytes(labels));
      }
      hash = HexFormat.of().formatHex(digest.digest());
      recipeFiles = files;
      recipeSeconds = seconds;
      hardNegatives.addAll(decoded(hardPaths));
      refuseAmong(seen, hardNegatives, "a hard negative");
      hardHash = HexFormat.of().formatHex(digest.digest());
      if (!phones.names().isEmpty() && negatives.stream().allMatch(s -> s.phones().isEmpty())) {
        throw new IOException(recipe.sources().phones() + ": names none of the negatives");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    } catch (IOException | RuntimeException e) {
      bank.close();
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
        throw new IOException(path + ": no audio files there");
      }
    }
    List<Sound> sounds = new ArrayList<>();
    int atOnce = AT_ONCE * workers.count();
    for (int from = 0; from < found.size(); from += atOnce) {
      keep(found.subList(from, Math.min(found.size(), from + atOnce)), sounds);
    }
    if (sounds.isEmpty() && !found.isEmpty()) {
      throw new IOException(paths.get(0) + ": nothing usable there");
    }
    return sounds;
  }

  /** What a path whose last part is a pattern such as {@code [0-3]*.wav} stands for, sorted. */
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
      throw new IOException(pattern + ": no such file, and no pattern: " + e.getDescription(), e);
    }
    if (found.isEmpty()) {
      throw new NoSuchFileException(pattern.toString());
    }
    found.sort(null);
    return found;
  }

  /** Decodes some files side by side, and keeps them in order. */
  private void keep(List<Path> paths, List<Sound> sounds) throws IOException {
    List<List<short[]>> decoded = new ArrayList<>(Collections.nCopies(paths.size(), null));
    IOException[] failures = new IOException[paths.size()];
    AtomicInteger next = new AtomicInteger();
    workers.each(
        workers.count(),
        (part, from, to, product) -> {
          for (int i; (i = next.getAndIncrement()) < paths.size(); ) {
            try {
              decoded.set(i, SoundBank.decode(paths.get(i), sampleRate));
            } catch (IOException e) {
              failures[i] = e;
            }
          }
        });
    for (int i = 0; i < paths.size(); i++) {
      if (failures[i] != null) {
        problems.accept("left out: " + failures[i].getMessage());
        continue;
      }
      Path path = paths.get(i);
      Sound sound = bank.add(path, decoded.get(i)).with(phones.of(path, sampleRate));
      if (sound.length() < SHORTEST_SECONDS * sampleRate) {
        problems.accept("left out: " + sound.path() + ": shorter than " + SHORTEST_SECONDS + " s");
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

  /** Leaves out what can be no recording of one word. */
  private List<Sound> words(List<Sound> sounds) {
    List<Sound> usable = new ArrayList<>();
    for (Sound sound : sounds) {
      if (sound.length() > SoundBank.ONE_WORD_SECONDS * sampleRate) {
        problems.accept(
            String.format(
                "left out: %s: is %d s long, expected one word",
                sound.path(), sound.length() / sampleRate));
      } else if (sound.isSilent()) {
        problems.accept("left out: " + sound.path() + ": nothing but silence");
      } else {
        usable.add(sound);
      }
    }
    return usable;
  }

  /** Whole speakers go to one side, whatever they say. */
  private void split(List<List<Sound>> positives, List<Sound> negatives, double share) {
    List<List<Sound>> needed = new ArrayList<>(positives.subList(0, words));
    if (!negatives.isEmpty()) {
      needed.add(negatives);
    }
    List<List<String>> some = needed.stream().map(sounds -> someSpeakers(sounds, share)).toList();
    Set<String> out = new HashSet<>();
    if (some.stream().noneMatch(List::isEmpty)) {
      some.forEach(out::addAll);
    }
    for (List<Sound> sounds : positives) {
      trained.positives.add(new ArrayList<>());
      heldOut.positives.add(new ArrayList<>());
      split(sounds, out, last(trained.positives), last(heldOut.positives));
    }
    split(negatives, out, trained.negatives, heldOut.negatives);
  }

  private static void split(
      List<Sound> sounds, Set<String> speakers, List<Sound> trained, List<Sound> heldOut) {
    for (Sound sound : sounds) {
      (speakers.contains(speaker(sound)) ? heldOut : trained).add(sound);
    }
    if (trained.isEmpty()) {
      trained.addAll(heldOut); // all of them are held out of another word
      heldOut.clear();
    }
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  /** A share of the speakers, rounded down; which is a function of their names alone. */
  private static List<String> someSpeakers(List<Sound> sounds, double share) {
    List<String> speakers =
        sounds.stream()
            .map(TrainingData::speaker)
            .distinct()
            .sorted(Comparator.comparing(name -> name.hashCode() * 0x9e3779b9))
            .toList();
    return speakers.subList(0, (int) (share * speakers.size()));
  }

  private static String speaker(Sound sound) {
    return sound.path().getFileName().toString().split("[-_]", 2)[0];
  }

  /** A long recording stands there once per three seconds: negatives come up by their length. */
  private void weighted(List<Sound> sounds) {
    for (Sound sound : List.copyOf(sounds)) {
      double stretches = sound.length() / (ClipSynthesizer.WHOLE_SECONDS * sampleRate);
      for (int i = 1; i < Math.round(stretches); i++) {
        sounds.add(sound);
      }
    }
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

  /** Refuses recordings that are other words' too. */
  private void refuseAmong(Map<String, Path> others, List<Sound> sounds, String what)
      throws IOException {
    for (Sound sound : sounds) {
      Path other = others.get(contents.get(sound.path()));
      if (other != null) {
        throw new IOException(sound.path() + ": is " + what + ", and the same as " + other);
      }
    }
  }

  /** Whether every word is held out, and negatives if there are any: enough to measure on. */
  boolean holdsOut() {
    return heldOut.positives.stream().limit(words).noneMatch(List::isEmpty)
        && !(heldOut.negatives.isEmpty() && !trained.negatives.isEmpty());
  }

  /** What to measure on: what is held out or, where that is not enough, what is trained on. */
  Part measured() {
    return holdsOut() ? heldOut : trained;
  }

  /** What the network in training tells apart: words, auxiliary words, phones. */
  int outputs() {
    return trained.positives.size() + phones.names().size();
  }

  /** Files of the recipe that are used. */
  int files() {
    return recipeFiles;
  }

  /** What was given beside the recipe. */
  String hardNegativesSaid() {
    return hardNegatives.isEmpty()
        ? "none given"
        : hardNegatives.size() + " files, SHA-256 " + hardHash;
  }

  /** Hours of sound in them. */
  double hours() {
    return recipeSeconds / 3600;
  }

  /** SHA-256 over those of the decoded sound of the recipe's files in order. */
  String hash() {
    return hash;
  }

  /** Who says what on which side: which of the recordings play which part. */
  String parts() {
    StringBuilder parts = new StringBuilder();
    for (Part part : List.of(trained, heldOut)) {
      part.positives.forEach(sounds -> parts.append(speakers(sounds)));
      parts.append(speakers(part.negatives));
    }
    return parts.append(backgrounds.size()).toString();
  }

  private static List<String> speakers(List<Sound> sounds) {
    return sounds.stream().map(TrainingData::speaker).toList();
  }

  @Override
  public void close() throws IOException {
    bank.close();
  }
}
