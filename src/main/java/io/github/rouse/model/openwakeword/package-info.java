// SPDX-License-Identifier: Apache-2.0
/**
 * Reads openWakeWord models as networks of Rouse's own layers: a head for a word, behind the front
 * end and the speech embedding that all such models share ({@link
 * io.github.rouse.model.openwakeword.OpenWakeWordImport}). Uses {@code feature} and {@code
 * model.onnx}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.model.openwakeword;
