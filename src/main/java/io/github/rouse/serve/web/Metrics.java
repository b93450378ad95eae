// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.serve.Activity;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.serve.Models;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.TriggerEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Counts what happens, for Prometheus. */
final class Metrics implements Activity {
  private static final double[] SCORES = {.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99, 1};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  Metrics(StreamHub hub) {
    Gauge.builder("rouse.streams.open", hub, StreamHub::openStreams)
        .description("Open streams of all doors")
        .register(registry);
    FunctionCounter.builder("rouse.heard.seconds", hub, StreamHub::heardSeconds)
        .description("Seconds of sound received from all streams")
        .register(registry);
    FunctionCounter.builder("rouse.busy.seconds", hub, StreamHub::busySeconds)
        .description("Seconds of processing time spent on detection, over all cores")
        .register(registry);
    Gauge.builder("rouse.models", hub, h -> h.models().offers().size())
        .description("Models on offer")
        .register(registry);
  }

  /** Counts the losses of this machine's microphone, and shows its level. */
  void watch(LocalMicrophone microphone) {
    FunctionCounter.builder("rouse.lost.samples", microphone, LocalMicrophone::lostSamples)
        .description("Samples of the microphone that were lost")
        .register(registry);
    Gauge.builder("rouse.level.decibels", microphone, LocalMicrophone::level)
        .description("RMS level of the microphone over the last second, dB of full scale")
        .register(registry);
    FunctionCounter.builder("rouse.reconnects", microphone, LocalMicrophone::reconnects)
        .description("How often a lost microphone came back")
        .register(registry);
  }

  @Override
  public void event(String source, TriggerEvent event) {
    Counter.builder("rouse.events")
        .description("Detections")
        .tag("word", event.word())
        .register(registry)
        .increment();
    score(event);
  }

  @Override
  public void nearMiss(String source, TriggerEvent miss) {
    Counter.builder("rouse.near.misses")
        .description("Scores between half the threshold and the threshold")
        .tag("word", miss.word())
        .register(registry)
        .increment();
    score(miss);
  }

  private void score(TriggerEvent event) {
    DistributionSummary.builder("rouse.score")
        .description("Scores of detections and near misses")
        .tag("word", event.word())
        .serviceLevelObjectives(SCORES)
        .register(registry)
        .record(event.score());
  }

  @Override
  public void streamOpened(String source) {
    Counter.builder("rouse.streams")
        .description("Streams that were opened, by door")
        .tag("door", source.split(":", 2)[0])
        .register(registry)
        .increment();
  }

  @Override
  public void modelsChanged(Models models) {
    Counter.builder("rouse.model.changes")
        .description("How often models were loaded, added, replaced or removed")
        .register(registry)
        .increment();
  }

  /** All figures, in Prometheus's text format. */
  String text() {
    return registry.scrape();
  }
}
