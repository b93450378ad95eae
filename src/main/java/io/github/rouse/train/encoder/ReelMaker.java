// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import io.github.rouse.audio.SampleCollector;
import io.github.rouse.engine.SpeechEmbedding;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.Recordings;
import io.github.rouse.train.data.augment.Power;
import io.github.rouse.train.data.augment.VoiceVariation;
import io.github.rouse.train.recipe.EncoderRecipe;
import io.github.rouse.train.recipe.Recipe;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Cuts recordings into pieces, varies their voices, joins them to reels, and has the teacher hear
 * them. A reel's file is named by a hash of all it depends on, so that none is made twice.
 */
final class ReelMaker {
  private static final int VERSION = 1; // of what is done here
  private static final double REEL_SECONDS = 300;
  private static final double LONGEST_SECONDS = 12; // of a piece
  private static final double AROUND_SECONDS = 0.3; // most silence kept around short recordings
  private static final double PAUSE_SECONDS = 0.5; // longest between pieces
  private static final double POWER = 2.5e-3; // -26 dB: usual speech level
  private static final double POWER_SPREAD = 0.4; // standard deviation, decades: 4 dB
  private static final double FLOOR = 3e-4; // amplitude of the noise in pauses: -70 dB

  private final EncoderRecipe recipe;
  private final Recordings recordings;
  private final VoiceVariation voice;
  private final int sampleRate;
  private final Path folder;
  private final SpeechEmbedding teacher;
  private final String common; // what all reels depend on

  /** A part of a recording. */
  private record Piece(Sound sound, int from, int to) {}

  /** Pieces that become one reel. */
  private record Plan(List<Piece> pieces, long seed, boolean varied, Path file) {}

  /**
   * Prepares a maker.
   *
   * @param folder where reels are kept from run to run
   * @param teacherHash of the teacher's files
   */
  ReelMaker(
      EncoderRecipe recipe,
      Recordings recordings,
      SpeechEmbedding teacher,
      String teacherHash,
      Path folder) {
    this.recipe = recipe;
    this.recordings = recordings;
    this.teacher = teacher;
    this.folder = folder;
    sampleRate = recipe.features().sampleRate();
    Recipe.Augmentation.VoicePlan voices = recipe.augmentation().voice();
    voice = new VoiceVariation(voices, sampleRate);
    common =
        String.join(
            " ",
            String.valueOf(VERSION),
            teacherHash,
            String.valueOf(voices.speed()),
            String.valueOf(voices.tempo()),
            String.valueOf(voices.rhythm()),
            String.valueOf(voices.closures()),
            String.valueOf(voices.pitch()),
            String.valueOf(voices.formants()));
  }

  /**
   * Makes the reels that are not there yet, and opens all.
   *
   * @param variants of each recording; the first has the voices as they are
   * @param progress receives the number of reels done, in percent
   */
  List<Reel> make(
      List<Sound> sounds,
      int variants,
      WorkerPool workers,
      IntConsumer progress,
      BooleanSupplier stopped)
      throws IOException {
    Files.createDirectories(folder);
    List<Plan> plans = plans(sounds, variants);
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try {
      workers.each(
          workers.count(),
          (part, from, to, product) -> {
            for (int i; (i = next.getAndIncrement()) < plans.size(); ) {
              if (!stopped.getAsBoolean() && !Files.exists(plans.get(i).file)) {
                write(plans.get(i));
              }
              progress.accept(done.incrementAndGet() * 100 / plans.size());
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (stopped.getAsBoolean()) {
      throw new InterruptedIOException(folder + ": was stopped");
    }
    List<Reel> reels = new ArrayList<>();
    for (Plan plan : plans) {
      reels.add(Reel.open(plan.file, teacher.values()));
    }
    return reels;
  }

  private List<Plan> plans(List<Sound> sounds, int variants) {
    List<Plan> plans = new ArrayList<>();
    for (int variant = 0; variant < variants; variant++) {
      List<Piece> pieces = new ArrayList<>();
      sounds.forEach(sound -> pieces.addAll(pieces(sound)));
      Collections.shuffle(pieces, new Random(recipe.seed() + variant));
      List<Piece> reel = new ArrayList<>();
      long samples = 0;
      for (Piece piece : pieces) {
        reel.add(piece);
        samples += piece.to - piece.from;
        if (samples >= REEL_SECONDS * sampleRate) {
          plans.add(plan(reel, variant));
          reel.clear();
          samples = 0;
        }
      }
      if (!reel.isEmpty()) {
        plans.add(plan(reel, variant));
      }
    }
    return plans;
  }

  private Plan plan(List<Piece> pieces, int variant) {
    StringBuilder text =
        new StringBuilder(common).append(recipe.seed()).append('.').append(variant);
    for (Piece piece : pieces) {
      text.append(recordings.content(piece.sound)).append(piece.from).append('-').append(piece.to);
    }
    byte[] hash = sha256(text.toString());
    long seed = ByteBuffer.wrap(hash).getLong();
    Path file = folder.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".reel");
    return new Plan(List.copyOf(pieces), seed, variant > 0, file);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    }
  }

  /** Cuts a long recording where it is quiet; trims the silence around a short one. */
  private List<Piece> pieces(Sound sound) {
    int longest = (int) (LONGEST_SECONDS * sampleRate);
    if (sound.length() <= longest) {
      int around = (int) (AROUND_SECONDS * sampleRate);
      int from = Math.max(0, sound.speech().start() - around);
      return List.of(
          new Piece(sound, from, Math.min(sound.length(), sound.speech().end() + around)));
    }
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    while (sound.length() - from > longest) {
      int to = sound.quietest(from + longest / 2, from + longest, sampleRate / 50);
      pieces.add(new Piece(sound, from, to));
      from = to;
    }
    pieces.add(new Piece(sound, from, sound.length()));
    return pieces;
  }

  private void write(Plan plan) {
    RandomGenerator random = new SplittableRandom(plan.seed);
    SampleCollector sound = new SampleCollector();
    for (Piece piece : plan.pieces) {
      float[] part = part(piece, plan.varied, random);
      int pause = (int) (random.nextDouble() * PAUSE_SECONDS * sampleRate);
      sound.accept(part, 0, part.length);
      sound.accept(new float[pause], 0, pause);
    }
    float[] reel = sound.samples();
    for (int i = 0; i < reel.length; i++) {
      reel[i] += (float) (FLOOR * (2 * random.nextDouble() - 1));
    }
    try {
      Reel.write(plan.file, reel, teacher.embed(reel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private float[] part(Piece piece, boolean varied, RandomGenerator random) {
    float[] part = piece.sound.part(piece.from, piece.to);
    if (varied) {
      part = voice.varied(part, random).samples();
    }
    double power = Power.of(part, 0, part.length);
    double wanted = POWER * Math.pow(10, POWER_SPREAD * random.nextGaussian());
    float scale = (float) Math.sqrt(wanted / Math.max(1e-10, power));
    int fade = Math.min(part.length / 2, sampleRate / 200);
    for (int i = 0; i < part.length; i++) {
      float edge = Math.min(1f, Math.min(i, part.length - 1 - i) / (float) Math.max(1, fade));
      part[i] = Math.max(-1f, Math.min(1f, part[i] * scale * edge));
    }
    return part;
  }
}
