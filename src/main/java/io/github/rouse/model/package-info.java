/**
 * Files to models and back. A {@link io.github.rouse.model.WakeModel} is one ONNX file: the graph
 * is the network from features to posteriors, {@code metadata_props} under {@code rouse.*} say the
 * rest.
 *
 * <p>Reading goes bytes, protobuf, constants ({@code ConstantFolding}), layers ({@link
 * io.github.rouse.model.onnx.OnnxReader}); writing goes layers to nodes ({@link
 * io.github.rouse.model.onnx.OnnxWriter}), and for other runtimes to a graph with the front end or
 * the states in it ({@code PortableGraph}); {@link io.github.rouse.model.keras.KerasReader} takes
 * Keras's HDF5 weights. The same file also runs in ONNX Runtime, for checking, or because only it
 * can ({@code ForeignGraph}; {@link io.github.rouse.engine.OnnxRuntime}); nothing of it is loaded
 * before that.
 *
 * <p>Uses {@code feature}, {@code nn} and {@code trigger}. The only room that knows protobuf, HDF5
 * and ONNX Runtime, and the one that reads JSON; {@code cli} writes its events as JSON too.
 */
package io.github.rouse.model;
