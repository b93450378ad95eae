// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import java.net.URI;

/**
 * The actions that a word's events trigger. Where a component is null, the general setting holds.
 *
 * @param exec shell command, empty for none
 * @param webhook URL, empty for none
 * @param chime whether to play a chime
 * @param save whether to save the sound, if there is a folder for it
 */
public record WordActions(String exec, URI webhook, Boolean chime, Boolean save) {
  /** Says nothing. */
  public static final WordActions NONE = new WordActions(null, null, null, null);

  /** Checks the URL. */
  public WordActions {
    if (webhook != null && !webhook.toString().isEmpty()) {
      Webhook.check(webhook);
    }
  }

  /** These actions, and others where these say nothing. */
  public WordActions or(WordActions others) {
    return new WordActions(
        exec == null ? others.exec : exec,
        webhook == null ? others.webhook : webhook,
        chime == null ? others.chime : chime,
        save == null ? others.save : save);
  }

  boolean hasExec() {
    return exec != null && !exec.isBlank();
  }

  boolean hasWebhook() {
    return webhook != null && !webhook.toString().isEmpty();
  }

  boolean chimes() {
    return chime != null && chime;
  }

  boolean saves() {
    return save == null || save;
  }
}
