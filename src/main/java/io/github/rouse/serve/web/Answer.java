// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Short answers in JSON. */
final class Answer {
  private Answer() {}

  static void json(int status, JsonElement body, Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Content.Sink.write(response, true, body + "\n", callback);
  }

  /** Answers {@code {"error": reason}}. */
  static void error(int status, String reason, Response response, Callback callback) {
    if (!response.getRequest().getMethod().equals("GET")) {
      // Jetty closes the connection if the body is still on its way: say so, or the next request
      // fails.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    JsonObject body = new JsonObject();
    body.addProperty("error", reason);
    json(status, body, response, callback);
  }
}
