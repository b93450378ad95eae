// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.eval.Excerpt;
import io.github.rouse.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes {@code report.html}, a page with no external resources but the sounds beside it. */
public final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1c2430; --paper: #fbfbf9; --faint: #8883;
        --first: #2563b0; --second: #c2410c; }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #dde3ea; --paper: #14181d; --first: #6ea8f0; --second: #f0955a; } }
      body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
      h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--faint); text-align: right;
        white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; padding-left: 0; }
      svg { display: block; width: 100%; height: auto; }
      svg text { font: 13px system-ui, sans-serif; fill: currentColor; }
      .chart { max-width: 44rem; }
      @media (max-width: 40rem) { .chart text { font-size: 19px; } }
      .grid { stroke: var(--faint); } .line { fill: none; stroke-width: 2; stroke-linecap: round; }
      .first { stroke: var(--first); } .second { stroke: var(--second); }
      .bar { stroke: none; } .bar.first { fill: var(--first); } .bar.second { fill: var(--second); }
      .band { fill: var(--first); opacity: .18; }
      .point { fill: var(--second); } .cross { stroke: var(--second); stroke-width: 1.5; }
      .threshold { stroke: #999; stroke-dasharray: 5 4; }
      .cases { display: grid; gap: 1.5rem;
        grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); }
      figure { margin: 0; min-width: 0; } figcaption { font-size: .85rem; }
      audio { width: 100%; height: 2.25rem; margin-top: .25rem; }
      .excerpt .posterior { fill: none; stroke: #7df9ff; stroke-width: 2; }
      .excerpt .at { stroke: #fff; } .excerpt .word { fill: #5f5; }
      """;

  private final Path folder;
  private final String title;
  private final StringBuilder body = new StringBuilder();
  private int sounds;

  /** Creates an empty page; {@link #write} puts {@code report.html} into the folder. */
  public Page(Path folder, String title) {
    this.folder = folder;
    this.title = title;
    body.append("<h1>").append(Html.escaped(title)).append("</h1>\n");
  }

  /** Starts a section. */
  public Page heading(String text) {
    body.append("<h2>").append(Html.escaped(text)).append("</h2>\n");
    return this;
  }

  /** Adds a paragraph. */
  public Page paragraph(String text) {
    body.append("<p>").append(Html.escaped(text)).append("</p>\n");
    return this;
  }

  /** Adds a chart. */
  public Page chart(Chart chart, String name) {
    body.append(chart.svg(name)).append('\n');
    return this;
  }

  /** Adds a table; its first row is the header. */
  public Page table(List<List<String>> rows) {
    body.append("<div class='scroll'><table>\n");
    String cell = "th";
    for (List<String> row : rows) {
      body.append("<tr>");
      for (String text : row) {
        body.append(String.format("<%s>%s</%s>", cell, Html.escaped(text), cell));
      }
      body.append("</tr>\n");
      cell = "td";
    }
    body.append("</table></div>\n");
    return this;
  }

  /** Opens a grid of excerpts. */
  void openCases() {
    body.append("<div class='cases'>\n");
  }

  /** Closes the grid. */
  void closeCases() {
    body.append("</div>\n");
  }

  /** Adds an excerpt and writes its sound beside the page. */
  void excerpt(Excerpt excerpt, String picture, String caption) throws IOException {
    String name = String.format(Locale.ROOT, "excerpt-%02d.wav", ++sounds);
    Files.createDirectories(folder);
    excerpt.writeWav(folder.resolve(name));
    body.append("<figure>").append(picture).append("<figcaption>").append(Html.escaped(caption));
    body.append("</figcaption><audio controls preload='none' src='").append(name);
    body.append("'></audio></figure>\n");
  }

  /**
   * Writes the page.
   *
   * @param again seconds after which a browser reloads the page; 0 if it is complete
   */
  public void write(int again) throws IOException {
    Files.createDirectories(folder);
    String refresh = again > 0 ? "<meta http-equiv='refresh' content='" + again + "'>\n" : "";
    String html =
        "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
            + "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
            + refresh
            + "<title>"
            + Html.escaped(title)
            + "</title>\n<style>\n"
            + STYLE
            + "</style>\n</head>\n<body>\n"
            + body
            + "</body>\n</html>\n";
    AtomicFile.write(
        folder.resolve("report.html"), out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
  }
}
