// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.actions.ClipRecorder;
import io.github.rouse.actions.EventActions;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.cli.output.LiveCheck;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.Activity;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.io.Closeable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server's events set off: those of clients, and those of this machine's microphone, whose
 * sound is checked, can be saved and is shown on the page too.
 */
final class MicrophoneActions implements LocalMicrophone.Follower, Activity, Closeable {
  private final EventActions actions;
  private final LocalMicrophone.Follower page; // or null
  private final LiveCheck check;
  private ClipRecorder clips; // of the present stream, or null

  MicrophoneActions(EventActions actions, LocalMicrophone.Follower page, LiveCheck check) {
    this.actions = actions;
    this.page = page;
    this.check = check;
  }

  @Override
  public void captured(
      float[] interleaved, float[] heard, int frames, int channels, int sampleRate) {
    check.captured(interleaved, heard, frames, channels, sampleRate);
  }

  @Override
  public LocalMicrophone.Sinks begin(int sampleRate, List<String> words) {
    close();
    clips = actions.recorder(LocalMicrophone.SOURCE, "", sampleRate).orElse(null);
    LocalMicrophone.Sinks shown = page == null ? null : page.begin(sampleRate, words);
    ClipRecorder recorder = clips;
    SampleSink samples =
        (block, from, length) -> {
          if (recorder != null) {
            recorder.accept(block, from, length);
          }
          if (shown != null) {
            shown.samples().accept(block, from, length);
          }
        };
    DetectionHandler detections =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            run(LocalMicrophone.SOURCE, event, recorder);
            if (shown != null) {
              shown.detections().event(event);
            }
          }

          @Override
          public void nearMiss(TriggerEvent miss) {
            if (shown != null) {
              shown.detections().nearMiss(miss);
            }
          }

          @Override
          public void posteriors(WakeModel model, long at, float[] posteriors) {
            if (shown != null) {
              shown.detections().posteriors(model, at, posteriors);
            }
          }
        };
    return new LocalMicrophone.Sinks(samples, detections);
  }

  @Override
  public void event(String source, TriggerEvent event) {
    if (!source.equals(LocalMicrophone.SOURCE)) {
      run(source, event, null);
    }
  }

  private synchronized void run(String source, TriggerEvent event, ClipRecorder recorder) {
    Map<String, Object> extras = new LinkedHashMap<>();
    extras.put("time", event.time().toString());
    if (recorder != null) {
      recorder.save(event).ifPresent(clip -> extras.put("clip", clip.toString()));
    }
    actions.run(EventJson.of(source, event, extras));
  }

  @Override
  public void close() {
    if (clips != null) {
      clips.close();
      clips = null;
    }
  }
}
