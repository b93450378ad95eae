// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP and WebSocket: {@link io.github.rouse.serve.web.WebDoor} opens an embedded Jetty with the
 * page and its API, behind a guard against other pages in the same browser. Uses {@code enrol},
 * {@code review} and {@code serve}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.serve.web;
