// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes files safely: {@link io.github.rouse.file.AtomicFile} never leaves half a file,
 * {@link io.github.rouse.file.JsonFields} rejects unknown JSON keys. Uses no other room.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.file;
