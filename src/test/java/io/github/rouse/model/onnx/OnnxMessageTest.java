// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OnnxMessageTest {
  private static final int MOST_FIELDS = 200; // by number; the largest in use is 25

  private final Map<Descriptor, OnnxMessage> seen = new HashMap<>();

  @Test
  void theTableMatchesTheDescriptors() {
    compare(OnnxMessage.MODEL, ModelProto.getDescriptor());
    assertEquals(Set.of(OnnxMessage.values()), new HashSet<>(seen.values()));
    assertTrue(seen.size() > 20, seen.size() + " messages");
  }

  private void compare(OnnxMessage message, Descriptor type) {
    OnnxMessage before = seen.put(type, message);
    if (before != null) {
      assertEquals(before, message, type.getFullName());
      return;
    }
    for (int number = 1; number < MOST_FIELDS; number++) {
      FieldDescriptor field = type.findFieldByNumber(number);
      String place = type.getFullName() + " " + number;
      boolean inner = field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      assertEquals(inner, message.at(number) != null, place);
      assertEquals(isIntegers(field), message.integersAt(number), place);
      if (inner) {
        compare(message.at(number), field.getMessageType());
      }
    }
  }

  private static boolean isIntegers(FieldDescriptor field) {
    return field != null
        && field.isPackable()
        && field.getType() != FieldDescriptor.Type.FLOAT
        && field.getType() != FieldDescriptor.Type.DOUBLE;
  }
}
