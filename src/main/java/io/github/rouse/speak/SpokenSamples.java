package io.github.rouse.speak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Synthetic recordings of words and sentences through the program espeak-ng, and flite where it is
 * installed: accents, voices, speeds and pitches at random. They widen a small set of real
 * recordings and do not replace it.
 */
public final class SpokenSamples {
  private static final String FLITE = "flite";
  private static final double FLITE_SHARE = 0.4; // it has few voices, but of people
  private static final int LONGEST_NAME = 40; // of the text, in a file's name
  private static final List<String> ACCENTS =
      List.of("en-gb", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-029");
  private static final List<String> VARIANTS =
      List.of(
          ("m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 adam Alex Alicia Andrea Andy Annie anikaRobot"
                  + " belinda benjamin boris caleb david ed edward Gene grandma grandpa Jacky john"
                  + " kaukovalta linda Marco Mario max Michael Mike paul pedro quincy rob robert"
                  + " sandro shelby steph travis victor zac")
              .split(" "));
  private static final List<String> FLITE_VOICES = List.of("kal16", "awb", "rms", "slt"); // 16 kHz

  /** One way of speaking: its name, which is its speaker, and the command without the output. */
  private record Voice(String name, List<String> command) {}

  private SpokenSamples() {}

  /**
   * Writes a WAV of each text into a folder. A file's name begins with its voice, which so is its
   * speaker. The same seed gives the same samples where the same programs are installed.
   *
   * @param done told how many are written
   * @throws IOException if espeak-ng is not installed or fails
   */
  public static void write(List<String> texts, Path folder, long seed, IntConsumer done)
      throws IOException {
    Files.createDirectories(folder);
    Espeak.require("to make samples");
    boolean flite = SpeechProgram.installed(FLITE);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      String said = text.replaceAll("[^\\p{L}\\p{N}]+", "_");
      String name =
          said.codePoints()
              .limit(LONGEST_NAME)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      boolean other = random.nextDouble() < FLITE_SHARE && flite;
      Voice voice = other ? flite(random) : espeak(random);
      Path target =
          folder.resolve(String.format(Locale.ROOT, "%s-%s-%04d.wav", voice.name, name, i));
      Path aside = target.resolveSibling("." + target.getFileName() + ".part");
      List<String> command = new ArrayList<>(voice.command);
      command.addAll(
          other ? List.of("-o", "" + aside, "-t", text) : List.of("-w", "" + aside, "--", text));
      try {
        SpeechProgram.run(command, "", Espeak.SECONDS);
        if (!Files.exists(aside)) {
          throw new IOException(command.get(0) + ": ended without writing " + target);
        }
        Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(aside);
      }
      done.accept(i + 1);
    }
  }

  private static Voice espeak(SplittableRandom random) {
    String accent = ACCENTS.get(random.nextInt(ACCENTS.size()));
    String variant = VARIANTS.get(random.nextInt(VARIANTS.size()));
    String speed = "" + (110 + random.nextInt(100)); // words per minute
    String pitch = "" + (15 + random.nextInt(70)); // of 99
    return new Voice(
        "espeak" + accent.replace("-", "") + variant,
        List.of(Espeak.PROGRAM, "-v", accent + "+" + variant, "-s", speed, "-p", pitch));
  }

  private static Voice flite(SplittableRandom random) {
    String name = FLITE_VOICES.get(random.nextInt(FLITE_VOICES.size()));
    String stretch = String.format(Locale.ROOT, "%.2f", 0.75 + 0.6 * random.nextDouble());
    String pitch = "" + (80 + random.nextInt(150)); // mean, Hz
    return new Voice(
        "flite" + name,
        List.of(
            FLITE,
            "-voice",
            name,
            "--setf",
            "duration_stretch=" + stretch,
            "--setf",
            "int_f0_target_mean=" + pitch));
  }
}
