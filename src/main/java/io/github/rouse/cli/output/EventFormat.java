// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats events for stdout. */
public enum EventFormat {
  /** For people. */
  TEXT {
    @Override
    public String line(String source, TriggerEvent e, Map<String, ?> extras) {
      String time = extras.containsKey("time") ? extras.get("time") + "  " : "";
      String clip = extras.containsKey("clip") ? "  " + extras.get("clip") : "";
      String near = extras.containsKey(EventJson.NEAR_MISS) ? "  near miss" : "";
      return String.format(
          Locale.ROOT,
          "%s%s  %.2f-%.2f s  %s%s  %.3f%s%s",
          time,
          Console.harmless(within(source, extras)).replace('\n', '\ufffd'),
          e.startSeconds(),
          e.endSeconds(),
          e.word(),
          e.model().equals(e.word()) ? "" : " (" + e.model() + ")",
          e.score(),
          near,
          clip);
    }
  },
  /** One JSON object per line. */
  JSONL {
    @Override
    public String line(String source, TriggerEvent e, Map<String, ?> extras) {
      return EventJson.of(source, e, extras).toString();
    }
  },
  /** Comma-separated values under a header. */
  CSV {
    @Override
    public String line(String source, TriggerEvent e, Map<String, ?> extras) {
      StringBuilder line =
          new StringBuilder(
              String.join(
                  ",",
                  quoted(within(source, extras)),
                  quoted(e.model()),
                  quoted(e.word()),
                  EventJson.seconds(e.startSeconds()).toPlainString(),
                  EventJson.seconds(e.endSeconds()).toPlainString(),
                  EventJson.seconds(e.atSeconds()).toPlainString(),
                  EventJson.score(e.score()).toPlainString(),
                  Long.toString(e.lostSamples())));
      extras.forEach(
          (key, value) -> line.append(PARTS.contains(key) ? "" : "," + quoted(value.toString())));
      return line.toString();
    }
  };

  /** Extra field: the track of a file, if not its first. */
  public static final String TRACK = "track";

  /** Extra field: the channel, if each is searched. */
  public static final String CHANNEL = "channel";

  private static final List<String> PARTS = List.of(TRACK, CHANNEL); // of a file

  private static final String CSV_HEADER = "source,model,word,start,end,at,score,lost_samples";

  /** The first line, with columns of further fields; none but for CSV. */
  public Optional<String> header(List<String> columns) {
    return this == CSV
        ? Optional.of(
            Stream.concat(Stream.of(CSV_HEADER), columns.stream()).collect(Collectors.joining(",")))
        : Optional.empty();
  }

  /** The further fields of an event for {@link #line}; for CSV every column, empty or not. */
  public Map<String, ?> extras(Map<String, ?> fields, List<String> columns) {
    if (this != CSV) {
      return fields;
    }
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.keySet().removeAll(columns);
    columns.forEach(
        column -> all.put(column, fields.containsKey(column) ? fields.get(column) : ""));
    return all;
  }

  /**
   * One event as one line.
   *
   * @param extras further fields, in order
   */
  public abstract String line(String source, TriggerEvent event, Map<String, ?> extras);

  /**
   * A source with its track, as a media fragment has it (W3C Media Fragments URI, section 4.2.3),
   * and its channel.
   */
  public static String within(String source, Map<String, ?> extras) {
    String parts =
        PARTS.stream()
            .filter(extras::containsKey)
            .map(part -> part + "=" + extras.get(part))
            .collect(Collectors.joining("&"));
    return parts.isEmpty() ? source : source + "#" + parts;
  }

  /** The format given; by default text on a terminal, else JSON lines. */
  public static EventFormat orDefault(EventFormat asked, Console console) {
    return asked != null ? asked : console.outIsTerminal() ? TEXT : JSONL;
  }

  /** A CSV field, quoted if needed. */
  static String quoted(String value) {
    return value.matches("[^\",\\r\\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
