// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Examples of each command, at the end of its help. */
public final class Examples {
  private static final Map<String, List<String>> OF =
      Map.ofEntries(
          Map.entry(
              "scan",
              List.of(
                  "rouse scan audio-samples",
                  "rouse scan meeting.flac --model jarvis --sensitivity 0.7 --format csv",
                  "rouse scan recordings --labels labels --plot plots --jobs 4",
                  "arecord -t wav | rouse scan -")),
          Map.entry(
              "listen",
              List.of(
                  "rouse listen",
                  "rouse listen --model jarvis --device 2 --channel best --chime",
                  "rouse listen --false-alarms-per-hour 0.5 --exec 'notify-send \"$ROUSE_WORD\"'",
                  "rouse listen --save clips --webhook http://127.0.0.1:8123/wake",
                  "rouse listen --config rouse.yaml --near-misses")),
          Map.entry(
              "serve",
              List.of(
                  "rouse serve",
                  "rouse serve --wyoming tcp://0.0.0.0:10400 --allow 192.168.1.0/24 --zeroconf",
                  "rouse serve --mqtt mqtt://anna@homeassistant.local --mqtt-password password.txt",
                  "rouse serve --wyoming unix:///run/user/1000/rouse.sock --models my-models --sensitivity 0.6")),
          Map.entry(
              "spot",
              List.of(
                  "rouse spot --phrase \"hey nova\" --phrase \"light on\" recordings",
                  "rouse spot --phrases phrases.txt --false-alarms-per-hour 0.5 meeting.flac",
                  "rouse spot --phrase \"hey nova\" --listen --exec 'notify-send \"$ROUSE_WORD\"'")),
          Map.entry(
              "phones",
              List.of("rouse phones audio-samples", "rouse phones --references kept.tsv")),
          Map.entry("devices", List.of("rouse devices")),
          Map.entry(
              "doctor",
              List.of(
                  "rouse doctor",
                  "rouse doctor --device 2 --duration 5 --format json",
                  "rouse doctor --file recording.wav")),
          Map.entry(
              "import",
              List.of(
                  "rouse import weights.h5 --architecture model.json --features classic --word activate --out activate.onnx",
                  "rouse import network.onnx --features logmel --word nova --out nova.onnx")),
          Map.entry(
              "export",
              List.of(
                  "rouse export models/jarvis.onnx --streaming --with-frontend --out jarvis.step.onnx",
                  "rouse export models/multi/words.onnx --word alexa --out alexa.onnx")),
          Map.entry("info", List.of("rouse info models/jarvis.onnx")),
          Map.entry(
              "verify",
              List.of(
                  "rouse verify models/jarvis.onnx audio-samples/jarvis-quiet.flac",
                  "rouse verify mine.onnx --passport --negatives hours-of-speech")),
          Map.entry(
              "train",
              List.of(
                  "rouse train recipe.yaml --out nova.onnx",
                  "rouse train --word nova --positives recordings --negatives other-speech --backgrounds noise --out nova.onnx",
                  "rouse train recipe.yaml --out nova.onnx --resume --hard-negatives clips")),
          Map.entry(
              "eval",
              List.of(
                  "rouse eval nova.onnx --positives held-out --negatives hours-of-speech",
                  "rouse eval nova.onnx --positives held-out --negatives hours-of-speech --noise noise --snr 20,10,0 --report report")),
          Map.entry(
              "tune",
              List.of(
                  "rouse tune nova.onnx --negatives hours-of-speech",
                  "rouse tune nova.onnx --negatives hours-of-speech --false-alarms-per-hour 0.5")),
          Map.entry(
              "sign",
              List.of(
                  "rouse sign --make --key private.pem", "rouse sign nova.onnx --key private.pem")),
          Map.entry(
              "new",
              List.of(
                  "rouse new \"hey nova\"",
                  "rouse new \"hey nova\" --from test",
                  "rouse new \"hey nova\" --count 0 --skip microphone --yes")),
          Map.entry(
              "advise",
              List.of(
                  "rouse advise \"hey nova\"",
                  "rouse advise \"hey nova\" nova computer --format text",
                  "rouse advise \"hola nova\" --voice es")),
          Map.entry(
              "speak",
              List.of(
                  "rouse speak --word \"hey nova\" --out spoken --count 200",
                  "rouse speak --lines sentences.txt --out other-speech",
                  "rouse speak --pseudo 200 --near \"hey nova\" --out nearly")),
          Map.entry(
              "record",
              List.of(
                  "rouse record --word \"hey nova\" --out mine --count 5",
                  "rouse record --word \"hey nova\" --speaker anna --out recordings --count 30 --device 2")),
          Map.entry(
              "enroll",
              List.of(
                  "rouse enroll models/multi/words.onnx --recordings mine --word \"hey nova\" --out hey-nova.onnx",
                  "rouse enroll hey-nova.onnx --recordings mine --hard-negatives clips --out hey-nova-2.onnx")),
          Map.entry(
              "review",
              List.of(
                  "rouse review clips",
                  "rouse review clips --improve models/jarvis.onnx",
                  "rouse review clips --improve models/jarvis.onnx --out jarvis-2.onnx",
                  "rouse review --undo models/jarvis.onnx")),
          Map.entry(
              "embed",
              List.of(
                  "rouse embed models/multi/words.onnx --negatives hours-of-speech --out other.bank")),
          Map.entry(
              "service",
              List.of(
                  "rouse service install",
                  "rouse service install listen --linger -- --model jarvis --exec 'notify-send \"$ROUSE_WORD\"'",
                  "rouse service install serve -- --web 127.0.0.1:8080",
                  "rouse service install --dry-run",
                  "rouse service status",
                  "rouse service uninstall listen")),
          Map.entry("bench", List.of("rouse bench", "rouse bench --model jarvis")),
          Map.entry(
              "completion",
              List.of(
                  "rouse completion > ~/.local/share/bash-completion/completions/rouse",
                  "source <(rouse completion)")),
          Map.entry(
              "man",
              List.of(
                  "rouse man scan | man -l -",
                  "rouse man --out man1",
                  "rouse man --markdown > docs/cli.md")));

  private static final int WIDTH = 80; // of help, which would break a longer line anywhere

  private Examples() {}

  /** The examples of a command. */
  public static List<String> of(String command) {
    return OF.getOrDefault(command, List.of());
  }

  /** Adds the command's examples to its help. */
  public static void addTo(CommandSpec command) {
    List<String> footer = new ArrayList<>(Arrays.asList(command.usageMessage().footer()));
    footer.add("");
    footer.add("Examples:");
    of(command.name()).forEach(example -> footer.addAll(folded(example)));
    command.usageMessage().footer(footer.toArray(String[]::new));
  }

  /** Lines that a shell joins again, broken before options. */
  private static List<String> folded(String example) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String part : example.split(" (?=--)", -1)) {
      if (line.length() + part.length() > WIDTH - 6) {
        lines.add(line + " \\");
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : lines.isEmpty() ? "  " : "      ").append(part);
    }
    lines.add(line.toString());
    return lines;
  }
}
