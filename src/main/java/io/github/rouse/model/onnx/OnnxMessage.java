// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorAnnotation;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * The message types of ONNX and how they nest. Protobuf's descriptors hold the same, but creating
 * them takes several MB that a listener needs for nothing else. Field numbers are compile-time
 * constants and load no classes.
 */
enum OnnxMessage {
  MODEL,
  TRAINING,
  FUNCTION,
  GRAPH,
  NODE,
  ATTRIBUTE,
  TENSOR,
  SPARSE_TENSOR,
  ANNOTATION,
  VALUE,
  TYPE,
  SHAPED_TYPE,
  TYPE_OF_ELEMENTS,
  TYPE_OF_MAP,
  SHAPE,
  /** Any message without nested messages. */
  LEAF;

  /** The message type of a field; null if the field is no message. */
  OnnxMessage at(int field) {
    return switch (this) {
      case MODEL ->
          switch (field) {
            case ModelProto.GRAPH_FIELD_NUMBER -> GRAPH;
            case ModelProto.OPSET_IMPORT_FIELD_NUMBER, ModelProto.METADATA_PROPS_FIELD_NUMBER ->
                LEAF;
            case ModelProto.TRAINING_INFO_FIELD_NUMBER -> TRAINING;
            case ModelProto.FUNCTIONS_FIELD_NUMBER -> FUNCTION;
            default -> null;
          };
      case TRAINING ->
          switch (field) {
            case TrainingInfoProto.INITIALIZATION_FIELD_NUMBER,
                TrainingInfoProto.ALGORITHM_FIELD_NUMBER ->
                GRAPH;
            case TrainingInfoProto.INITIALIZATION_BINDING_FIELD_NUMBER,
                TrainingInfoProto.UPDATE_BINDING_FIELD_NUMBER ->
                LEAF;
            default -> null;
          };
      case FUNCTION ->
          switch (field) {
            case FunctionProto.NODE_FIELD_NUMBER -> NODE;
            case FunctionProto.OPSET_IMPORT_FIELD_NUMBER,
                FunctionProto.METADATA_PROPS_FIELD_NUMBER ->
                LEAF;
            case FunctionProto.ATTRIBUTE_PROTO_FIELD_NUMBER -> ATTRIBUTE;
            case FunctionProto.VALUE_INFO_FIELD_NUMBER -> VALUE;
            default -> null;
          };
      case GRAPH ->
          switch (field) {
            case GraphProto.NODE_FIELD_NUMBER -> NODE;
            case GraphProto.INITIALIZER_FIELD_NUMBER -> TENSOR;
            case GraphProto.INPUT_FIELD_NUMBER,
                GraphProto.OUTPUT_FIELD_NUMBER,
                GraphProto.VALUE_INFO_FIELD_NUMBER ->
                VALUE;
            case GraphProto.QUANTIZATION_ANNOTATION_FIELD_NUMBER -> ANNOTATION;
            case GraphProto.SPARSE_INITIALIZER_FIELD_NUMBER -> SPARSE_TENSOR;
            case GraphProto.METADATA_PROPS_FIELD_NUMBER -> LEAF;
            default -> null;
          };
      case NODE ->
          switch (field) {
            case NodeProto.ATTRIBUTE_FIELD_NUMBER -> ATTRIBUTE;
            case NodeProto.METADATA_PROPS_FIELD_NUMBER -> LEAF;
            default -> null;
          };
      case ATTRIBUTE ->
          switch (field) {
            case AttributeProto.T_FIELD_NUMBER, AttributeProto.TENSORS_FIELD_NUMBER -> TENSOR;
            case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER -> GRAPH;
            case AttributeProto.TP_FIELD_NUMBER, AttributeProto.TYPE_PROTOS_FIELD_NUMBER -> TYPE;
            case AttributeProto.SPARSE_TENSOR_FIELD_NUMBER,
                AttributeProto.SPARSE_TENSORS_FIELD_NUMBER ->
                SPARSE_TENSOR;
            default -> null;
          };
      case TENSOR ->
          field == TensorProto.SEGMENT_FIELD_NUMBER
                  || field == TensorProto.EXTERNAL_DATA_FIELD_NUMBER
                  || field == TensorProto.METADATA_PROPS_FIELD_NUMBER
              ? LEAF
              : null;
      case SPARSE_TENSOR ->
          field == SparseTensorProto.VALUES_FIELD_NUMBER
                  || field == SparseTensorProto.INDICES_FIELD_NUMBER
              ? TENSOR
              : null;
      case ANNOTATION ->
          field == TensorAnnotation.QUANT_PARAMETER_TENSOR_NAMES_FIELD_NUMBER ? LEAF : null;
      case VALUE ->
          field == ValueInfoProto.TYPE_FIELD_NUMBER
              ? TYPE
              : field == ValueInfoProto.METADATA_PROPS_FIELD_NUMBER ? LEAF : null;
      case TYPE ->
          switch (field) {
            case TypeProto.TENSOR_TYPE_FIELD_NUMBER, TypeProto.SPARSE_TENSOR_TYPE_FIELD_NUMBER ->
                SHAPED_TYPE;
            case TypeProto.SEQUENCE_TYPE_FIELD_NUMBER, TypeProto.OPTIONAL_TYPE_FIELD_NUMBER ->
                TYPE_OF_ELEMENTS;
            case TypeProto.MAP_TYPE_FIELD_NUMBER -> TYPE_OF_MAP;
            case TypeProto.OPAQUE_TYPE_FIELD_NUMBER -> LEAF;
            default -> null;
          };
      case SHAPED_TYPE -> field == TypeProto.Tensor.SHAPE_FIELD_NUMBER ? SHAPE : null;
      case TYPE_OF_ELEMENTS -> field == TypeProto.Sequence.ELEM_TYPE_FIELD_NUMBER ? TYPE : null;
      case TYPE_OF_MAP -> field == TypeProto.Map.VALUE_TYPE_FIELD_NUMBER ? TYPE : null;
      case SHAPE -> field == TensorShapeProto.DIM_FIELD_NUMBER ? LEAF : null;
      case LEAF -> null;
    };
  }

  /** Whether a field is a list of integers. */
  boolean integersAt(int field) {
    return switch (this) {
      case ATTRIBUTE -> field == AttributeProto.INTS_FIELD_NUMBER;
      case TENSOR ->
          field == TensorProto.DIMS_FIELD_NUMBER
              || field == TensorProto.INT32_DATA_FIELD_NUMBER
              || field == TensorProto.INT64_DATA_FIELD_NUMBER
              || field == TensorProto.UINT64_DATA_FIELD_NUMBER;
      case SPARSE_TENSOR -> field == SparseTensorProto.DIMS_FIELD_NUMBER;
      default -> false;
    };
  }
}
