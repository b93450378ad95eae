// SPDX-License-Identifier: Apache-2.0
package com.example.wake;

import io.github.rouse.Rouse;
import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Finds the words in an uploaded sound file. */
@RestController
class ScanController {
  private static final Logger log = LoggerFactory.getLogger(ScanController.class);

  private final List<WakeModel> models;

  ScanController(List<WakeModel> models) {
    this.models = models;
  }

  record Heard(String word, double start, double end, float score) {} // seconds

  @PostMapping("/scan")
  List<Heard> scan(@RequestParam MultipartFile file) throws IOException {
    Path sound = Files.createTempFile("scan", null);
    try {
      file.transferTo(sound);
      List<Heard> heard = new ArrayList<>();
      for (WakeModel model : models) {
        for (TriggerEvent event : Rouse.scan(model, sound)) {
          heard.add(new Heard(event.word(), event.startSeconds(), event.endSeconds(), event.score()));
        }
      }
      heard.sort(Comparator.comparingDouble(Heard::start));
      return heard;
    } finally {
      Files.delete(sound);
    }
  }

  @ExceptionHandler
  ProblemDetail notSound(AudioFormatException e) {
    log.info("upload refused: {}", e.getMessage());
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE, "not a sound file, or a damaged one");
  }
}
