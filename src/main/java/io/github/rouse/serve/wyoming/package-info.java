// SPDX-License-Identifier: Apache-2.0
/**
 * The Wyoming protocol, which Home Assistant speaks to wake-word servers. {@link
 * io.github.rouse.serve.wyoming.WyomingDoor} accepts clients, {@code Session} talks with one.
 * Events are JSON headers with optional data and PCM; {@code EventReader} and {@code Outbox} know
 * the bytes. Uses {@code serve} and {@code library}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.serve.wyoming;
