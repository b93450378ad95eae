// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.Models;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.EventJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Leads each request to what answers it. */
final class Api extends Handler.Abstract {
  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final double[] RATES = {.05, .1, .2, .5, 1, 2, 5}; // false alarms per hour

  private final StreamHub hub;
  private final WebToken token; // null if none is asked for
  private final Metrics metrics;
  private final Map<String, Route> routes;

  /** One path: its method, and what answers. */
  private record Route(String method, Handler handler) {}

  private interface Answering {
    void answer(Request request, Response response, Callback callback) throws Exception;
  }

  Api(StreamHub hub, WebToken token, Metrics metrics, EventFeed feed) {
    this.hub = hub;
    this.token = token;
    this.metrics = metrics;
    routes =
        Map.of(
            "/health", route(GET, this::health),
            "/metrics", route(GET, this::metrics),
            "/api/login", route(POST, this::login),
            "/api/models", route(GET, this::models),
            "/api/scan", new Route(POST, new UploadScan(hub)),
            "/api/events", new Route(GET, feed),
            "/api/openapi.json", route(GET, (q, s, c) -> document("openapi.json", s, c)),
            "/api/listen.schema.json",
                route(GET, (q, s, c) -> document("listen.schema.json", s, c)));
  }

  private static Route route(String method, Answering answering) {
    return new Route(
        method,
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            answering.answer(request, response, callback);
            return true;
          }
        });
  }

  /** What is answered, as {@code GET /health}. */
  Set<String> paths() {
    Set<String> paths = new TreeSet<>();
    routes.forEach((path, route) -> paths.add(route.method + " " + path));
    return paths;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    Route route = routes.get(path);
    if (route == null) {
      Answer.error(HttpStatus.NOT_FOUND_404, "there is nothing at " + path, response, callback);
      return true;
    }
    if (!route.method.equals(request.getMethod())
        && !(route.method.equals(GET) && request.getMethod().equals("HEAD"))) {
      response.getHeaders().put(HttpHeader.ALLOW, route.method);
      Answer.error(
          HttpStatus.METHOD_NOT_ALLOWED_405, path + " takes " + route.method, response, callback);
      return true;
    }
    return route.handler.handle(request, response, callback);
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
    String given = "";
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] body = in.readNBytes(Limits.HEADER);
      JsonElement json = JsonParser.parseString(new String(body, StandardCharsets.UTF_8));
      given = json.getAsJsonObject().get("token").getAsString();
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException e) {
      Answer.error(HttpStatus.BAD_REQUEST_400, "expected {\"token\":\"...\"}", response, callback);
      return;
    }
    if (token != null && !token.matches(given)) {
      Thread.sleep(500); // against guessing
      Answer.error(HttpStatus.UNAUTHORIZED_401, "this is not the token", response, callback);
      return;
    }
    if (token != null) {
      Response.addCookie(response, token.cookie(request.isSecure()));
    }
    JsonObject body = new JsonObject();
    body.addProperty("ok", true);
    Answer.json(HttpStatus.OK_200, body, response, callback);
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
      json.addProperty("threshold", EventJson.score(offer.model().policy().threshold()));
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
