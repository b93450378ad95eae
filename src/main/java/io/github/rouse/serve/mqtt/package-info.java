// SPDX-License-Identifier: Apache-2.0
/**
 * The door to MQTT: {@link io.github.rouse.serve.mqtt.MqttDoor} publishes events to a broker, with
 * the discovery messages of Home Assistant. Uses {@code actions}, {@code library} and {@code
 * serve}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.serve.mqtt;
