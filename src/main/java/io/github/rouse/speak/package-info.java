// SPDX-License-Identifier: Apache-2.0
/**
 * Runs espeak-ng and flite: IPA pronunciations ({@link io.github.rouse.speak.Espeak}) and synthetic
 * recordings ({@link io.github.rouse.speak.SpokenSamples}); has common words ({@link
 * io.github.rouse.speak.CommonWords}). Uses no other room.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.speak;
