// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings shared by all files of a scan.
 *
 * @param format of the events
 * @param nearMisses whether they are events too
 * @param labels folder for label tracks, or null
 * @param posteriors folder for posteriors, or null
 * @param plots folder for plots, or null
 * @param chimes folder for copies with chimes, or null
 * @param verbose whether to print stack traces
 */
record ScanSettings(
    List<WakeModel> models,
    Engine engine,
    Channel channel,
    EventFormat format,
    boolean nearMisses,
    Path labels,
    Path posteriors,
    Path plots,
    Path chimes,
    boolean verbose) {}
