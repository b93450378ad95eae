// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a phone recogniser ({@code model.PhoneModel}) on utterances whose phones are known, by
 * connectionist temporal classification, above the layers of a speech encoder.
 *
 * <p>Uses {@code train} and {@code phones}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.phones;
