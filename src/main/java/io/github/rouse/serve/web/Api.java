// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.actions.Marks;
import io.github.rouse.actions.Marks.MarkedClip;
import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.Provenance;
import io.github.rouse.review.Improvement;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.serve.Models;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.EventJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Routes each request to its handler. */
final class Api extends Handler.Abstract {
  private static final int LONGEST_SPEECH = 600; // seconds
  private static final int LONGEST_LOOK = 20; // seconds until the shelf has seen a new file
  private static final double[] RATES = {.05, .1, .2, .5, 1, 2, 5}; // false alarms per hour

  private final StreamHub hub;
  private final WebToken token; // null if none is asked for
  private final Metrics metrics;
  private final OwnWords words;
  private final Lessons lessons;
  private volatile LocalMicrophone microphone; // null if there is none
  private final PathMappings<Map<String, Handler>> routes = new PathMappings<>(); // by method
  private final Set<String> paths = new TreeSet<>();

  private interface Answering {
    void answer(Request request, Response response, Callback callback) throws Exception;
  }

  Api(
      StreamHub hub,
      WebToken token,
      Metrics metrics,
      EventFeed feed,
      OwnWords words,
      Lessons lessons) {
    this.hub = hub;
    this.token = token;
    this.metrics = metrics;
    this.words = words;
    this.lessons = lessons;
    add("GET", "/health", this::health);
    add("GET", "/metrics", this::metrics);
    add("POST", "/api/login", this::login);
    add("GET", "/api/models", this::models);
    UploadScan uploads = new UploadScan(hub);
    addBean(uploads);
    add("POST", "/api/scan", uploads);
    add("GET", "/api/events", feed);
    add("PUT", "/api/words/{word}/threshold", this::setThreshold);
    add("GET", "/api/words/{word}/recordings", this::recordings);
    add("POST", "/api/words/{word}/recordings", this::addRecording);
    add("GET", "/api/words/{word}/recordings/{number}", this::recording);
    add("DELETE", "/api/words/{word}/recordings/{number}", this::deleteRecording);
    add("POST", "/api/words/{word}/enrolment", this::enrol);
    add("GET", "/api/words/{word}/marks", this::marks);
    add("POST", "/api/words/{word}/marks/{mark}", this::mark);
    add("POST", "/api/words/{word}/improvement", this::improve);
    add("DELETE", "/api/words/{word}/improvement", this::undo);
    add("PUT", "/api/microphone/speaking", this::speaking);
    add("GET", "/api/openapi.json", (q, s, c) -> document("openapi.json", s, c));
    add("GET", "/api/listen.schema.json", (q, s, c) -> document("listen.schema.json", s, c));
  }

  private void add(String method, String path, Answering answering) {
    add(
        method,
        path,
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            answering.answer(request, response, callback);
            return true;
          }
        });
  }

  private void add(String method, String path, Handler handler) {
    UriTemplatePathSpec spec = new UriTemplatePathSpec(path);
    Map<String, Handler> methods = routes.get(spec);
    if (methods == null) {
      methods = new TreeMap<>();
      routes.put(spec, methods);
    }
    methods.put(method, handler);
    paths.add(method + " " + path);
  }

  /** The routes, such as {@code GET /health}. */
  Set<String> paths() {
    return paths;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    MatchedResource<Map<String, Handler>> matched = routes.getMatched(path);
    if (matched == null) {
      Answer.error(HttpStatus.NOT_FOUND_404, "there is nothing at " + path, response, callback);
      return true;
    }
    Map<String, Handler> methods = matched.getResource();
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    if (!methods.containsKey(method)) {
      String allowed = String.join(", ", methods.keySet());
      response.getHeaders().put(HttpHeader.ALLOW, allowed);
      Answer.error(
          HttpStatus.METHOD_NOT_ALLOWED_405, path + " takes " + allowed, response, callback);
      return true;
    }
    try {
      return methods.get(method).handle(request, response, callback);
    } catch (NoSuchFileException e) {
      Answer.error(HttpStatus.NOT_FOUND_404, "there is no " + e.getFile(), response, callback);
    } catch (IllegalArgumentException e) {
      Answer.error(HttpStatus.UNPROCESSABLE_ENTITY_422, e.getMessage(), response, callback);
    }
    return true;
  }

  /** Lets clients say when the device that has this microphone speaks. */
  void watch(LocalMicrophone ofMachine) {
    microphone = ofMachine;
  }

  /** The device speaks for some seconds, or, with 0, no more. */
  private void speaking(Request request, Response response, Callback callback) throws IOException {
    double seconds = number(request, "seconds");
    if (!(seconds >= 0 && seconds <= LONGEST_SPEECH)) {
      throw new IllegalArgumentException(
          "seconds=" + seconds + ", expected 0 to " + LONGEST_SPEECH);
    }
    if (microphone == null) {
      throw new IllegalArgumentException("the server does not listen to a microphone of its own");
    }
    microphone.guard().speaking(Duration.ofMillis(Math.round(1000 * seconds)));
    Answer.json(HttpStatus.OK_200, done(), response, callback);
  }

  /** A variable part of the path. */
  private String part(Request request, String name) {
    String path = Request.getPathInContext(request);
    UriTemplatePathSpec spec = (UriTemplatePathSpec) routes.getMatched(path).getPathSpec();
    return URLDecoder.decode(
        spec.getPathParams(path).get(name).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private void setThreshold(Request request, Response response, Callback callback)
      throws IOException {
    hub.setThreshold(part(request, "word"), (float) number(request, "threshold"));
    Answer.json(HttpStatus.OK_200, done(), response, callback);
  }

  private void recordings(Request request, Response response, Callback callback)
      throws IOException {
    JsonArray numbers = new JsonArray();
    words.list(part(request, "word")).forEach(numbers::add);
    JsonObject body = new JsonObject();
    body.add("recordings", numbers);
    body.addProperty("from_text", OwnWords.canSpeak());
    Answer.json(HttpStatus.OK_200, body, response, callback);
  }

  private void addRecording(Request request, Response response, Callback callback)
      throws IOException {
    String word = part(request, "word");
    JsonObject body = new JsonObject();
    receive(
        request,
        response,
        callback,
        file -> body.addProperty("number", words.add(word, file)),
        body);
  }

  private interface SoundReceiver {
    void take(Path file) throws IOException;
  }

  /** Takes a short sound, then answers 201 with a body. */
  private static void receive(
      Request request,
      Response response,
      Callback callback,
      SoundReceiver receiver,
      JsonObject body)
      throws IOException {
    Path file = Files.createTempFile("rouse-recording", ".sound");
    try {
      try (InputStream in = Body.of(request)) {
        byte[] bytes = in.readNBytes(Limits.PAYLOAD + 1);
        if (bytes.length > Limits.PAYLOAD) {
          Answer.error(
              HttpStatus.PAYLOAD_TOO_LARGE_413,
              "larger than " + (Limits.PAYLOAD >> 20) + " MiB",
              response,
              callback);
          return;
        }
        Files.write(file, bytes);
      }
      receiver.take(file);
      Answer.json(HttpStatus.CREATED_201, body, response, callback);
    } catch (AudioFormatException e) {
      throw new IllegalArgumentException(e.getMessage().replace(file.toString(), "upload"), e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void recording(Request request, Response response, Callback callback) throws IOException {
    byte[] wav = Files.readAllBytes(words.file(part(request, "word"), part(request, "number")));
    response.setStatus(HttpStatus.OK_200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "audio/wav");
    response.write(true, ByteBuffer.wrap(wav), callback);
  }

  private void deleteRecording(Request request, Response response, Callback callback)
      throws IOException {
    words.delete(part(request, "word"), part(request, "number"));
    Answer.json(HttpStatus.OK_200, done(), response, callback);
  }

  private void marks(Request request, Response response, Callback callback) throws IOException {
    String word = part(request, "word");
    Models.Offer offer = offer(word);
    JsonObject body = new JsonObject();
    List<MarkedClip> marked = lessons.marked(word);
    long right = marked.stream().filter(MarkedClip::isRight).count();
    body.addProperty("right", right);
    body.addProperty("wrong", marked.size() - right);
    body.addProperty("versions", lessons.versions(offer));
    Answer.json(HttpStatus.OK_200, body, response, callback);
  }

  private Models.Offer offer(String word) throws NoSuchFileException {
    Models.Offer offer = hub.models().byWord().get(word);
    if (offer == null) {
      throw new NoSuchFileException("word " + word);
    }
    return offer;
  }

  private void mark(Request request, Response response, Callback callback) throws IOException {
    String word = part(request, "word");
    offer(word); // throws where there is none
    boolean isRight = Marks.isRight(part(request, "mark"));
    double at = query(request, "at", Double.MAX_VALUE);
    float score = (float) query(request, "score", 1);
    receive(
        request, response, callback, file -> lessons.mark(word, isRight, file, at, score), done());
  }

  /** Answers how the next version does on the clips, and which clips were left out. */
  private void improve(Request request, Response response, Callback callback) throws Exception {
    Models before = hub.models();
    Models.Offer offer = offer(part(request, "word"));
    request.addIdleTimeoutListener(timeout -> false);
    JsonArray problems = new JsonArray();
    Improvement next;
    try {
      next = lessons.improve(offer, problem -> problems.add(lessons.withoutPaths(problem)));
    } catch (IOException e) {
      throw new IllegalArgumentException(lessons.withoutPaths(String.valueOf(e.getMessage())), e);
    }
    JsonArray figures = new JsonArray();
    next.figures().forEach(one -> figures.add(one.toString()));
    JsonObject body = done();
    body.add("figures", figures);
    body.add("problems", problems);
    awaitChange(before);
    Answer.json(HttpStatus.OK_200, body, response, callback);
  }

  private void undo(Request request, Response response, Callback callback) throws Exception {
    Models before = hub.models();
    lessons.undo(offer(part(request, "word")));
    awaitChange(before);
    Answer.json(HttpStatus.OK_200, done(), response, callback);
  }

  /** Waits until streams that are opened have the model that was written. */
  private void awaitChange(Models before) throws InterruptedException {
    long end = System.nanoTime() + LONGEST_LOOK * 1_000_000_000L;
    while (hub.models().equals(before) && System.nanoTime() < end) {
      Thread.sleep(100);
    }
  }

  /** Answers with a line for each step, then what to expect of the model. */
  private void enrol(Request request, Response response, Callback callback) throws IOException {
    String word = part(request, "word");
    words.list(word); // throws where it is no word
    request.addIdleTimeoutListener(timeout -> false); // it takes a minute
    response.setStatus(HttpStatus.OK_200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/jsonl");
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      JsonObject last;
      try {
        last =
            promise(
                words.enrol(
                    word,
                    step -> line(out, "progress", step),
                    problem -> line(out, "problem", problem)));
      } catch (IOException | RuntimeException e) { // the answer has begun: it must name the error
        last = new JsonObject();
        last.addProperty("error", words.withoutPaths(e));
      }
      out.write((last + "\n").getBytes(StandardCharsets.UTF_8));
    }
    callback.succeeded();
  }

  private static void line(OutputStream out, String key, String text) {
    JsonObject json = new JsonObject();
    json.addProperty(key, text);
    try {
      out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      // the page is gone; the model is made all the same
    }
  }

  private static JsonObject promise(Enrolment.Enrolled enrolled) {
    JsonObject json = done();
    Enrolment.Expectation expected = enrolled.expectation();
    float threshold = enrolled.model().policy().threshold();
    Calibration calibration = enrolled.model().calibration().orElseThrow();
    json.addProperty("recordings", expected.recordings());
    json.addProperty("detected", expected.recordings() - expected.missed().size());
    json.addProperty("varied_miss_rate", EventJson.seconds(expected.variedMissRate()));
    json.addProperty("false_alarms_per_hour", EventJson.seconds(calibration.perHour(threshold)));
    json.addProperty("hours", EventJson.seconds(expected.hours()));
    return json;
  }

  private static JsonObject done() {
    JsonObject json = new JsonObject();
    json.addProperty("done", true);
    return json;
  }

  /** A number from 0 to {@code most} in the query; NaN if it is not there. */
  private static double query(Request request, String key, double most) {
    String text = Request.extractQueryParameters(request).getValue(key);
    if (text == null) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + "=" + text + ", expected a number", e);
    }
    String range = most == Double.MAX_VALUE ? "at least 0" : "0 to " + most;
    throw new IllegalArgumentException(key + "=" + text + ", expected " + range);
  }

  private static double number(Request request, String key) throws IOException {
    return JsonFields.of(body(request)).real(key);
  }

  private static JsonObject body(Request request) throws IOException {
    try (InputStream in = Body.of(request)) {
      byte[] bytes = in.readNBytes(Limits.HEADER);
      return JsonFields.parse(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("expected a JSON object", e);
    }
  }

  private void health(Request request, Response response, Callback callback) {
    Models models = hub.models();
    boolean ready = !models.loaded().isEmpty();
    JsonObject body = new JsonObject();
    body.addProperty("status", ready ? "ok" : "loading");
    body.addProperty("models", models.loaded().size());
    body.addProperty("streams", hub.openStreams());
    Answer.json(
        ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503, body, response, callback);
  }

  private void metrics(Request request, Response response, Callback callback) {
    response.setStatus(HttpStatus.OK_200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    Content.Sink.write(response, true, metrics.text(), callback);
  }

  private void login(Request request, Response response, Callback callback) throws Exception {
    JsonElement given = body(request).get("token");
    if (given == null || !given.isJsonPrimitive()) {
      throw new IllegalArgumentException("expected {\"token\": \"...\"}");
    }
    if (token != null && !token.matches(given.getAsString())) {
      Thread.sleep(500); // against guessing
      Answer.error(HttpStatus.UNAUTHORIZED_401, "this is not the token", response, callback);
      return;
    }
    if (token != null) {
      Response.addCookie(response, token.cookie(request.isSecure()));
    }
    Answer.json(HttpStatus.OK_200, done(), response, callback);
  }

  private void models(Request request, Response response, Callback callback) throws IOException {
    JsonArray list = new JsonArray();
    for (Models.Offer offer : hub.models().offers()) {
      list.add(described(offer));
    }
    JsonObject body = new JsonObject();
    body.add("models", list);
    Answer.json(HttpStatus.OK_200, body, response, callback);
  }

  private static JsonObject described(Models.Offer offer) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("id", offer.file().getFileName().toString().replaceFirst("\\.onnx$", ""));
    json.addProperty("own", offer.own());
    json.addProperty("loaded", offer.model() != null);
    json.addProperty("bytes", Files.exists(offer.file()) ? Files.size(offer.file()) : 0);
    JsonArray words = new JsonArray();
    offer.words().forEach(words::add);
    json.add("words", words);
    if (offer.model() != null) {
      JsonObject thresholds = new JsonObject();
      for (String word : offer.words()) {
        thresholds.addProperty(word, EventJson.score(offer.model().threshold(word)));
      }
      json.add("thresholds", thresholds);
      String licence = offer.model().provenance().facts().get(Provenance.LICENCE);
      if (licence != null) {
        json.addProperty("licence", licence);
      }
      json.addProperty("sample_rate", offer.model().features().sampleRate());
      offer.model().calibration().ifPresent(table -> json.add("calibration", points(table)));
    }
    return json;
  }

  /** The operating curve: thresholds at rates that people choose among. */
  private static JsonArray points(Calibration calibration) {
    JsonArray list = new JsonArray();
    for (double rate : RATES) {
      JsonObject json = new JsonObject();
      json.addProperty("false_alarms_per_hour", rate);
      json.addProperty("threshold", EventJson.score(calibration.threshold(rate)));
      list.add(json);
    }
    return list;
  }

  private static void document(String name, Response response, Callback callback)
      throws IOException {
    try (InputStream in = Api.class.getResourceAsStream(name)) {
      response.setStatus(HttpStatus.OK_200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.write(true, ByteBuffer.wrap(in.readAllBytes()), callback);
    }
  }
}
