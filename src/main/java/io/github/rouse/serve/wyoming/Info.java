// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rouse.serve.Models;
import java.util.List;

/** The answer to {@code describe}: one wake program, and a model for each word. */
final class Info {
  private Info() {}

  static WireEvent of(Models models) {
    JsonArray words = new JsonArray();
    models
        .offers()
        .forEach(offer -> offer.words().forEach(word -> words.add(model(word, offer.own()))));
    JsonObject program = new JsonObject();
    program.addProperty("name", "rouse");
    program.add("attribution", rouse());
    program.addProperty("installed", true);
    program.addProperty("description", "Rouse wake words");
    String version = Info.class.getPackage().getImplementationVersion();
    program.add("version", version == null ? JsonNull.INSTANCE : new JsonPrimitive(version));
    program.add("models", words);
    JsonArray wake = new JsonArray();
    wake.add(program);
    JsonObject data = new JsonObject();
    List.of("asr", "tts", "handle", "intent").forEach(other -> data.add(other, new JsonArray()));
    data.add("wake", wake);
    List.of("mic", "snd").forEach(other -> data.add(other, new JsonArray()));
    return new WireEvent("info", data);
  }

  private static JsonObject rouse() {
    return attribution("Rouse", "https://github.com/rouse/rouse");
  }

  private static JsonObject attribution(String name, String url) {
    JsonObject attribution = new JsonObject();
    attribution.addProperty("name", name);
    attribution.addProperty("url", url);
    return attribution;
  }

  /** Without a version: the word stays the same model when its file is replaced. */
  private static JsonObject model(String word, boolean own) {
    JsonObject model = new JsonObject();
    model.addProperty("name", word);
    model.add("attribution", own ? attribution("the user", "") : rouse());
    model.addProperty("installed", true);
    model.addProperty("description", word);
    model.add("version", JsonNull.INSTANCE);
    model.add("languages", new JsonArray());
    model.addProperty("phrase", word);
    return model;
  }
}
