// SPDX-License-Identifier: Apache-2.0
/**
 * What all doors of the server share: {@link io.github.rouse.serve.ModelShelf} holds the models on
 * offer and watches their folder, {@link io.github.rouse.serve.StreamHub} runs the streams of all
 * clients in one pool and reports to each {@link io.github.rouse.serve.Activity}. A {@link
 * io.github.rouse.serve.Door} lets clients in over one protocol. Uses the root room.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.serve;
