// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import com.google.gson.JsonObject;
import io.github.rouse.audio.capture.Chime;
import io.github.rouse.trigger.EventJson;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Does what events set off, without blocking the listener. Thread-safe, but for the recorders.
 *
 * <pre>{@code
 * EventActions actions = new EventActions(settings, problems, notes);
 * ClipRecorder clips = actions.recorder("microphone", "", 16_000).orElse(null); // of a stream
 * clips.accept(samples, 0, length); // all its sound, before the detector
 * Optional<Path> clip = clips.save(event); // on an event
 * actions.run(EventJson.of("microphone", event, extras)); // with the clip's path
 * }</pre>
 */
public final class EventActions implements Closeable {
  private final ActionSettings settings;
  private final Command command;
  private final Chime chime; // null if no word plays it
  private final ClipFolder clips; // null if no sound is saved
  private final Map<URI, Webhook> webhooks = new LinkedHashMap<>();

  /**
   * Prepares the actions.
   *
   * @param problems receives what fails, line by line
   * @param notes receives what a person may like to know
   * @throws IOException if there is no loudspeaker for the chime, or no folder for the clips
   */
  public EventActions(ActionSettings settings, Consumer<String> problems, Consumer<String> notes)
      throws IOException {
    this.settings = settings;
    command = new Command(problems);
    clips = settings.clips() == null ? null : new ClipFolder(settings.clips(), problems, notes);
    chime = settings.all().anyMatch(WordActions::chimes) ? new Chime() : null;
    settings
        .all()
        .filter(WordActions::hasWebhook)
        .forEach(of -> webhooks.computeIfAbsent(of.webhook(), url -> new Webhook(url, problems)));
  }

  /**
   * A recorder of one stream, if sound is saved. Close it when the stream ends.
   *
   * @param source of the stream, as events have it
   * @param ending of the clips' names, to tell streams apart; may be empty
   * @param sampleRate of the stream, Hz
   */
  public Optional<ClipRecorder> recorder(String source, String ending, int sampleRate) {
    return clips == null
        ? Optional.empty()
        : Optional.of(
            new ClipRecorder(clips, word -> settings.of(word).saves(), source, ending, sampleRate));
  }

  /**
   * Does what an event sets off; returns at once. Not for near misses, which set off nothing.
   *
   * @param event as {@link EventJson} has it
   */
  public void run(JsonObject event) {
    WordActions actions = settings.of(event.get("word").getAsString());
    if (actions.chimes()) {
      chime.play();
    }
    if (actions.hasExec()) {
      command.run(actions.exec(), event);
    }
    if (actions.hasWebhook()) {
      webhooks.get(actions.webhook()).post(event.toString());
    }
  }

  /** Ends the chime, writes the clips, and waits a moment for webhooks. */
  @Override
  public void close() {
    if (chime != null) {
      chime.close();
    }
    if (clips != null) {
      clips.close();
    }
    webhooks.values().forEach(Webhook::close);
  }
}
