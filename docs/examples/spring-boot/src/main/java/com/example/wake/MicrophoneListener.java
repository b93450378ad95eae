// SPDX-License-Identifier: Apache-2.0
package com.example.wake;

import io.github.rouse.Listener;
import io.github.rouse.Rouse;
import io.github.rouse.audio.capture.AudioUnavailableException;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Listens while the application runs, and publishes what it hears as application events. */
@Component
class MicrophoneListener implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(MicrophoneListener.class);

  private final List<WakeModel> models;
  private final ApplicationEventPublisher publisher;
  private Listener listener; // null while not listening

  MicrophoneListener(List<WakeModel> models, ApplicationEventPublisher publisher) {
    this.models = models;
    this.publisher = publisher;
  }

  @Override
  public synchronized void start() {
    try {
      listener =
          Rouse.listen(models.toArray(WakeModel[]::new))
              .onEvent(publisher::publishEvent)
              .onDeviceLost(reason -> log.warn("microphone lost: {}", reason))
              .onDeviceRegained(gap -> log.info("microphone back after {}", gap))
              .onError(problem -> log.error("listening", problem))
              .start();
    } catch (AudioUnavailableException e) {
      log.warn("uploads only: {}", e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void stop() {
    listener.close();
    listener = null;
  }

  @Override
  public synchronized boolean isRunning() {
    return listener != null;
  }
}
