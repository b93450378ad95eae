// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonObject;
import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.SoundCheck;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.EventJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Finds words in a file that a client sends. The answer has one JSON object per line, sent while
 * the file is read: events, then {@code {"done":true,"seconds":12.3}}, or {@code
 * {"error":"...","heard_seconds":4.5}} if part of the file could not be read. Before that, {@code
 * {"warning":"..."}} names what impairs detection, as {@code rouse scan} does. After a while
 * without a line, {@code {"heard_seconds":3600.0}} reports progress, which also reveals whether the
 * client is still there.
 */
final class UploadScan extends Handler.Abstract {
  private static final String NAME = "upload";
  private static final int AT_A_TIME = Math.max(1, Runtime.getRuntime().availableProcessors());

  private static final Duration PROGRESS = Duration.ofSeconds(5);

  private final StreamHub hub;
  private final Set<Path> files = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(AT_A_TIME);

  UploadScan(StreamHub hub) {
    this.hub = hub;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getLength() > Limits.UPLOAD) {
      tooLarge(response, callback);
      return true;
    }
    Path file = Files.createTempFile("rouse-upload", ".sound");
    files.add(file);
    try {
      if (!receive(request, file)) {
        tooLarge(response, callback);
        return true;
      }
      request.addIdleTimeoutListener(timeout -> false); // a file may have hours without a word
      places.acquire();
      try {
        scan(file, hub.awaitModels().loaded(), response, callback);
      } finally {
        places.release();
      }
    } catch (IllegalStateException e) {
      Answer.error(HttpStatus.SERVICE_UNAVAILABLE_503, e.getMessage(), response, callback);
    } finally {
      delete(file);
    }
    return true;
  }

  private void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    files.remove(file);
  }

  /** Deletes the files of scans under way. */
  @Override
  protected void doStop() throws Exception {
    for (Path file : files) {
      delete(file);
    }
    super.doStop();
  }

  private static void tooLarge(Response response, Callback callback) {
    Answer.error(
        HttpStatus.PAYLOAD_TOO_LARGE_413,
        "the file is larger than " + (Limits.UPLOAD >> 20) + " MiB",
        response,
        callback);
  }

  /** Writes the body to a file; false if it is too large. */
  private static boolean receive(Request request, Path file) throws IOException {
    try (InputStream in = Body.of(request);
        OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[1 << 16];
      long size = 0;
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        size += read;
        if (size > Limits.UPLOAD) {
          return false;
        }
        out.write(block, 0, read);
      }
      return true;
    }
  }

  private static void scan(Path file, List<WakeModel> models, Response response, Callback callback)
      throws IOException {
    response.setStatus(HttpStatus.OK_200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/jsonl");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    double[] heard = {0}; // seconds
    JsonObject last = new JsonObject();
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      try {
        int tracks = 1;
        for (int track = 1; track <= tracks; track++) {
          try (AudioFile audio = AudioFile.open(file, track)) {
            tracks = audio.tracks();
            Map<String, ?> extras = track == 1 ? Map.of() : Map.of("track", track);
            detect(audio, models, out, extras, heard);
          }
        }
        last.addProperty("done", true);
        last.addProperty("seconds", EventJson.seconds(heard[0]));
      } catch (ClientGone e) {
        throw e.getCause();
      } catch (IOException | RuntimeException e) { // the answer has begun: it must name the error
        last.addProperty("error", reason(e, file));
        last.addProperty("heard_seconds", EventJson.seconds(heard[0]));
      }
      line(out, last);
    } catch (IOException e) { // the client is gone
      callback.failed(e);
      return;
    }
    callback.succeeded();
  }

  private static void detect(
      AudioFile audio,
      List<WakeModel> models,
      OutputStream out,
      Map<String, ?> extras,
      double[] heard)
      throws IOException {
    int rate = audio.sampleRate();
    long[] said = {System.nanoTime()};
    DetectionHandler handler =
        event -> {
          send(out, EventJson.of(NAME, event, extras));
          said[0] = System.nanoTime();
        };
    SoundCheck check = new SoundCheck(Channel.AUTO, audio.channels(), rate);
    try (Detector detector = new Detector(models, rate, Engine.NATIVE, handler)) {
      try {
        audio.play(
            Channel.AUTO,
            check::frames,
            (samples, from, length) -> {
              check.heard(samples, from, length);
              detector.accept(samples, from, length);
              heard[0] += (double) length / rate;
              if (System.nanoTime() - said[0] > PROGRESS.toNanos()) {
                JsonObject progress = new JsonObject();
                progress.addProperty("heard_seconds", EventJson.seconds(heard[0]));
                send(out, progress);
                said[0] = System.nanoTime();
              }
            });
        for (SoundCheck.Fault fault : check.faults()) {
          JsonObject warning = new JsonObject();
          warning.addProperty("warning", fault.advice());
          send(out, warning);
        }
      } finally {
        detector.finish(); // what came before an error counts
      }
    }
  }

  private static String reason(Exception problem, Path file) {
    String message = String.valueOf(problem.getMessage());
    return message.replace(file.toString(), NAME).replace('\n', ' ');
  }

  private static void send(OutputStream out, JsonObject json) {
    try {
      line(out, json);
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  private static void line(OutputStream out, JsonObject json) throws IOException {
    out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Ends a scan whose client has left. */
  private static final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientGone(IOException cause) {
      super(cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) super.getCause();
    }
  }
}
