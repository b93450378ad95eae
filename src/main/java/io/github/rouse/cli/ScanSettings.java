package io.github.rouse.cli;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import java.nio.file.Path;
import java.util.List;

/**
 * What is the same for every file of a scan.
 *
 * @param format of the events
 * @param labels folder of the label tracks, or null
 * @param posteriors folder of the posteriors, or null
 * @param plots folder of the pictures, or null
 * @param chimes folder of the copies with chimes, or null
 * @param verbose whether problems are told with their stack traces
 */
record ScanSettings(
    List<WakeModel> models,
    Engine engine,
    Channel channel,
    EventFormat format,
    Path labels,
    Path posteriors,
    Path plots,
    Path chimes,
    boolean verbose) {}
