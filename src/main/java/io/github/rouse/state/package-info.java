// SPDX-License-Identifier: Apache-2.0
/**
 * Saves what streams remember: every part of a stream walks through its fields with a {@link
 * io.github.rouse.state.Snapshot}. Uses no other room.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.state;
