// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes files safely: {@link io.github.rouse.file.AtomicFile} never leaves half a file,
 * {@link io.github.rouse.file.JsonFields} rejects unknown JSON keys. Uses no other room.
 */
package io.github.rouse.file;
