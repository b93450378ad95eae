// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.rouse.cli.guide.Finding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats findings for stdout. */
enum FindingFormat {
  /** A line for each, and one for each remedy. */
  TEXT {
    @Override
    List<String> lines(List<Finding> findings) {
      List<String> lines = new ArrayList<>();
      for (Finding finding : findings) {
        lines.add(
            padded(lowerCase(finding.level()), 9) + padded(finding.check(), 14) + finding.text());
        if (!finding.remedy().isEmpty()) {
          lines.add(" ".repeat(23) + "-> " + finding.remedy());
        }
      }
      return lines;
    }
  },
  /** One JSON object. */
  JSON {
    @Override
    List<String> lines(List<Finding> findings) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("works", !Finding.isFaulty(findings));
      json.put("findings", findings.stream().map(FindingFormat::fields).toList());
      return List.of(GSON.toJson(json));
    }
  };

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  abstract List<String> lines(List<Finding> findings);

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String lowerCase(Severity level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> fields(Finding finding) {
    Map<String, String> json = new LinkedHashMap<>();
    json.put("check", finding.check());
    json.put("level", lowerCase(finding.level()));
    json.put("text", finding.text());
    if (!finding.remedy().isEmpty()) {
      json.put("remedy", finding.remedy());
    }
    return json;
  }
}
