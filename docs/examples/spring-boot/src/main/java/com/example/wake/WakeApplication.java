// SPDX-License-Identifier: Apache-2.0
package com.example.wake;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

@SpringBootApplication
public class WakeApplication {
  private static final Logger log = LoggerFactory.getLogger(WakeApplication.class);

  public static void main(String[] args) {
    SpringApplication.run(WakeApplication.class, args);
  }

  /** Immutable, and shared by the microphone and all requests. */
  @Bean
  List<WakeModel> models(@Value("${wake.words}") List<String> words) throws IOException {
    List<WakeModel> models = new ArrayList<>();
    for (String word : words) {
      models.add(WakeModel.named(word));
    }
    return models;
  }

  /** The microphone heard a word: here your service does its work. */
  @EventListener
  void heard(TriggerEvent event) {
    log.info("heard {}, score {}", event.word(), event.score());
  }
}
