package io.github.rouse.model;

/**
 * The messages of an ONNX file, and which are in which: what protobuf's descriptors say too, but to
 * make those takes some MB of memory, for which a listener has no other use.
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
  /** Any that has no messages in it. */
  LEAF;

  /** The message that a field of this one holds, or null where it holds another thing. */
  OnnxMessage at(int field) {
    return switch (this) {
      case MODEL ->
          switch (field) {
            case 7 -> GRAPH;
            case 8, 14 -> LEAF;
            case 20 -> TRAINING;
            case 25 -> FUNCTION;
            default -> null;
          };
      case TRAINING ->
          switch (field) {
            case 1, 2 -> GRAPH;
            case 3, 4 -> LEAF;
            default -> null;
          };
      case FUNCTION ->
          switch (field) {
            case 7 -> NODE;
            case 9, 14 -> LEAF;
            case 11 -> ATTRIBUTE;
            case 12 -> VALUE;
            default -> null;
          };
      case GRAPH ->
          switch (field) {
            case 1 -> NODE;
            case 5 -> TENSOR;
            case 11, 12, 13 -> VALUE;
            case 14 -> ANNOTATION;
            case 15 -> SPARSE_TENSOR;
            case 16 -> LEAF;
            default -> null;
          };
      case NODE ->
          switch (field) {
            case 5 -> ATTRIBUTE;
            case 9 -> LEAF;
            default -> null;
          };
      case ATTRIBUTE ->
          switch (field) {
            case 5, 10 -> TENSOR;
            case 6, 11 -> GRAPH;
            case 14, 15 -> TYPE;
            case 22, 23 -> SPARSE_TENSOR;
            default -> null;
          };
      case TENSOR -> field == 3 || field == 13 || field == 16 ? LEAF : null;
      case SPARSE_TENSOR -> field == 1 || field == 2 ? TENSOR : null;
      case ANNOTATION -> field == 2 ? LEAF : null;
      case VALUE -> field == 2 ? TYPE : field == 4 ? LEAF : null;
      case TYPE ->
          switch (field) {
            case 1, 8 -> SHAPED_TYPE;
            case 4, 9 -> TYPE_OF_ELEMENTS;
            case 5 -> TYPE_OF_MAP;
            case 7 -> LEAF;
            default -> null;
          };
      case SHAPED_TYPE -> field == 2 ? SHAPE : null;
      case TYPE_OF_ELEMENTS -> field == 1 ? TYPE : null;
      case TYPE_OF_MAP -> field == 2 ? TYPE : null;
      case SHAPE -> field == 1 ? LEAF : null;
      case LEAF -> null;
    };
  }

  /** Whether a field is a list of integers. */
  boolean integersAt(int field) {
    return switch (this) {
      case ATTRIBUTE -> field == 8;
      case TENSOR -> field == 1 || field == 5 || field == 7 || field == 11;
      case SPARSE_TENSOR -> field == 3;
      default -> false;
    };
  }
}
