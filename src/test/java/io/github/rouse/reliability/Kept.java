// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import io.github.rouse.TestModels;
import io.github.rouse.actions.Marks;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.eval.report.Page;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.ThresholdFile;
import io.github.rouse.train.CheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of files that may not be lost. Each is written with a number that can be read back. */
enum Kept {
  MODEL {
    @Override
    void write(Path folder, int number) throws IOException {
      WakeModel model = number % 4 == 0 ? WakeModel.named("jarvis") : TestModels.loudness("word");
      model
          .withPolicy(model.policy().withThreshold(fraction(number)))
          .write(folder.resolve("a.onnx"));
    }

    @Override
    int read(Path folder) throws IOException {
      WakeModel model = WakeModel.read(folder.resolve("a.onnx"));
      return Math.round(model.policy().threshold() * MOST);
    }
  },

  CHECKPOINT {
    @Override
    void write(Path folder, int number) throws IOException {
      CheckpointFile.write(folder.resolve("a.checkpoint"), number);
    }

    @Override
    int read(Path folder) throws IOException {
      return CheckpointFile.read(folder.resolve("a.checkpoint"));
    }
  },

  RECORDING {
    @Override
    void write(Path folder, int number) throws IOException {
      float[] samples = new float[RATE];
      Arrays.fill(samples, (float) number / (1 << 15));
      try (WavWriter wav = new WavWriter(folder.resolve("a.wav"), RATE, 1)) {
        wav.write(samples, 0, samples.length);
        wav.commit();
      }
    }

    @Override
    int read(Path folder) throws IOException {
      SampleCollector all = new SampleCollector();
      try (AudioFile wav = AudioFile.open(folder.resolve("a.wav"))) {
        wav.play(Channel.AUTO, all);
      }
      float[] samples = all.samples();
      for (float sample : samples) {
        if (sample != samples[0] || samples.length != RATE) {
          throw new IOException("a.wav: parts of different recordings");
        }
      }
      return Math.round(samples[0] * (1 << 15));
    }
  },

  REPORT {
    @Override
    void write(Path folder, int number) throws IOException {
      new Page(folder, "number " + number + ".").paragraph("text ".repeat(5000)).write(0);
    }

    @Override
    int read(Path folder) throws IOException {
      String html = Files.readString(folder.resolve("report.html"));
      Matcher number = Pattern.compile("number (\\d+)\\.").matcher(html);
      if (!html.endsWith("</html>\n") || !number.find()) {
        throw new IOException("report.html: incomplete");
      }
      return Integer.parseInt(number.group(1));
    }
  },

  MARKS {
    @Override
    void write(Path folder, int number) throws IOException {
      Files.write(folder.resolve("clip.wav"), new byte[0]);
      Marks.add(folder, "clip.wav", "word" + number, true);
    }

    @Override
    int read(Path folder) throws IOException {
      Marks marks = Marks.read(folder);
      if (!marks.problems().isEmpty()) {
        throw new IOException(marks.problems().get(0));
      }
      String word = marks.clips().get(marks.clips().size() - 1).word();
      return Integer.parseInt(word.substring("word".length()));
    }
  },

  STATE {
    @Override
    void write(Path folder, int number) throws IOException {
      ThresholdFile.write(folder.resolve("thresholds.json"), fraction(number));
    }

    @Override
    int read(Path folder) throws IOException {
      String json = Files.readString(folder.resolve("thresholds.json"));
      return Math.round(JsonFields.of(JsonFields.parse(json)).single("word") * MOST);
    }
  };

  /** Numbers are from 1 to below this. */
  static final int MOST = 30_000;

  private static final int RATE = 16_000;

  private static float fraction(int number) {
    return (float) number / MOST;
  }

  /** Replaces the file, or adds to it. */
  abstract void write(Path folder, int number) throws IOException;

  /** Reads what was written last; throws if anything is damaged or missing. */
  abstract int read(Path folder) throws IOException;
}
