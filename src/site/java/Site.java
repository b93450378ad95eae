// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes a site of the Markdown pages, with a search that works without a server: {@code mvn -Psite
 * site}. Java files that pages link to become pages too.
 */
final class Site {
  private static final String REPOSITORY = "https://github.com/rouse/rouse/blob/main/";
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(EXTENSIONS).build();
  private static final Pattern SECTION =
      Pattern.compile("(?s)<h([123])[^>]* id=\"([^\"]*)\"[^>]*>(.*?)</h\\1>(.*?)(?=<h[123]|$)");

  private final Path home;
  private final Path out;
  private final Map<Path, String> pages = new LinkedHashMap<>(); // Markdown file, its place
  private final Map<Path, TreeSet<String>> sources = new TreeMap<>(); // Java file, methods
  private final List<String> found = new ArrayList<>(); // what the search knows, as JSON
  private String template;
  private String contents;

  private Site(Path home, Path out) {
    this.home = home;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    new Site(Path.of(arguments[0]).toAbsolutePath().normalize(), Path.of(arguments[1])).make();
  }

  private void make() throws IOException {
    pages.put(home.resolve("docs/README.md"), "index.html");
    pages.put(home.resolve("README.md"), "rouse.html");
    pages.put(home.resolve("models/README.md"), "models.html");
    pages.put(home.resolve("CONTRIBUTING.md"), "contributing.html");
    for (String folder : List.of("", "decisions/", "examples/")) {
      Path docs = home.resolve("docs").resolve(folder);
      try (Stream<Path> files = Files.list(docs)) {
        files
            .filter(file -> file.toString().endsWith(".md"))
            .sorted()
            .forEach(
                file -> {
                  String name = file.getFileName().toString().replaceFirst("md$", "html");
                  pages.putIfAbsent(file, folder + name);
                });
      }
    }
    template = Files.readString(home.resolve("src/site/page/page.html"));
    contents = contents();
    for (Map.Entry<Path, String> page : pages.entrySet()) {
      page(page.getKey(), page.getValue());
    }
    decisions();
    for (Path source : sources.keySet()) {
      source(source);
    }
    for (String name : List.of("site.css", "site.js")) {
      copy(Files.newInputStream(home.resolve("src/site/page").resolve(name)), name);
    }
    try (Stream<Path> pictures = Files.list(home.resolve("docs/pictures"))) {
      for (Path picture : pictures.toList()) {
        copy(Files.newInputStream(picture), "pictures/" + picture.getFileName());
      }
    }
    copy(library("lunr/2.3.9/lunr.min.js"), "lunr.min.js");
    copy(library("mathjax/3.2.2/es5/tex-svg.js"), "tex-svg.js");
    write("search.js", "const SECTIONS = [\n" + String.join(",\n", found) + "\n];\n");
    System.out.println(pages.size() + " pages and " + sources.size() + " sources in " + out);
  }

  private static InputStream library(String file) throws IOException {
    InputStream in = Site.class.getResourceAsStream("/META-INF/resources/webjars/" + file);
    if (in == null) {
      throw new IOException(file + ": is in no webjar on the class path");
    }
    return in;
  }

  private void copy(InputStream in, String place) throws IOException {
    Path file = out.resolve(place);
    Files.createDirectories(file.getParent());
    try (in) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void write(String place, String text) throws IOException {
    Path file = out.resolve(place);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** The links of the first page, for the side of every page. */
  private String contents() throws IOException {
    Path first = home.resolve("docs/README.md");
    StringBuilder list = new StringBuilder();
    for (String line : Files.readAllLines(first)) {
      Matcher heading = Pattern.compile("\\| (\\w[\\w ]*) \\| \\|").matcher(line);
      if (heading.matches()) {
        list.append("<h2>").append(heading.group(1)).append("</h2>\n");
      }
      Matcher link = Pattern.compile("\\[([^\\]]+)\\]\\(([^)]+)\\)").matcher(line);
      while (link.find()) {
        String to = target(first, link.group(2), null);
        list.append("<a href=\"ROOT")
            .append(to)
            .append("\">")
            .append(link.group(1))
            .append("</a>\n");
      }
    }
    return list.toString();
  }

  private void page(Path file, String place) throws IOException {
    Node document = PARSER.parse(Files.readString(file));
    document.accept(new Rewriting(file, root(place)));
    String html = RENDERER.render(document);
    String title =
        html.replaceFirst("(?s).*?<h1[^>]*>(.*?)</h1>.*", "$1").replaceAll("<[^>]*>", "");
    Matcher section = SECTION.matcher(html);
    while (section.find()) {
      String to = section.group(1).equals("1") ? place : place + "#" + section.group(2);
      remember(to, title, plain(section.group(3)), plain(section.group(4)));
    }
    write(place, filled(place, title, html));
  }

  private static String root(String place) {
    return "../".repeat((int) place.chars().filter(c -> c == '/').count());
  }

  private String filled(String place, String title, String body) {
    String wide =
        body.replace("<table>", "<div class=\"wide\"><table>")
            .replace("</table>", "</table></div>");
    return template
        .replace("CONTENTS", contents)
        .replace("ROOT", root(place))
        .replace("TITLE", title)
        .replace(
            "MATHS",
            body.contains("\\[")
                ? "<script defer src=\"" + root(place) + "tex-svg.js\"></script>"
                : "")
        .replace("BODY", wide);
  }

  private static String plain(String html) {
    return html.replaceAll("<[^>]*>", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private void remember(String to, String title, String heading, String text) {
    found.add(
        "{u:%s,t:%s,h:%s,x:%s}"
            .formatted(quoted(to), quoted(title), quoted(heading), quoted(text)));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("</", "<\\/") + '"';
  }

  /** Where a link leads on the site; {@code method} is a method of a Java file, or null. */
  private String target(Path from, String link, String method) {
    if (link.matches("\\w+:.*") || link.startsWith("#")) {
      return link;
    }
    String[] parts = link.split("#", 2);
    Path file = from.resolveSibling(parts[0]).normalize();
    String anchor = parts.length == 2 ? "#" + parts[1] : "";
    if (pages.containsKey(file)) {
      return pages.get(file) + anchor;
    } else if (pages.containsKey(file.resolve("README.md"))) {
      return pages.get(file.resolve("README.md"));
    } else if (file.endsWith("docs/decisions")) {
      return "decisions/index.html";
    } else if (file.startsWith(home.resolve("docs/pictures"))) {
      return "pictures/" + file.getFileName();
    } else if (file.toString().endsWith(".java")) {
      sources
          .computeIfAbsent(file, f -> new TreeSet<>())
          .addAll(method == null ? List.of() : List.of(method));
      return "source/" + file.getFileName() + ".html" + (method == null ? "" : "#" + method);
    }
    return REPOSITORY + home.relativize(file).toString().replace('\\', '/') + anchor;
  }

  /** Points links at the site's pages, and formulas at MathJax. */
  private final class Rewriting extends AbstractVisitor {
    private final Path file;
    private final String root;

    Rewriting(Path file, String root) {
      this.file = file;
      this.root = root;
    }

    private String here(String link, String method) {
      String to = target(file, link, method);
      return to.matches("\\w+:.*") || to.startsWith("#") ? to : root + to;
    }

    @Override
    public void visit(Link link) {
      String method = null;
      if (link.getFirstChild() instanceof Code code && code.getLiteral().contains(".")) {
        method = code.getLiteral().replaceFirst(".*\\.", "");
      }
      link.setDestination(here(link.getDestination(), method));
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      image.setDestination(here(image.getDestination(), null));
    }

    @Override
    public void visit(FencedCodeBlock block) {
      if (block.getInfo().equals("math")) {
        HtmlBlock formula = new HtmlBlock();
        String escaped = block.getLiteral().replace("&", "&amp;").replace("<", "&lt;");
        formula.setLiteral("<div class=\"formula\">\\[" + escaped + "\\]</div>");
        block.insertAfter(formula);
        block.unlink();
      }
    }
  }

  private void decisions() throws IOException {
    StringBuilder list = new StringBuilder("<h1>Decisions</h1>\n<ul>\n");
    for (Map.Entry<Path, String> page : pages.entrySet()) {
      if (page.getValue().startsWith("decisions/")) {
        String first = Files.readAllLines(page.getKey()).get(0).replaceFirst("^#+ *", "");
        String name = page.getKey().getFileName().toString().replaceFirst("md$", "html");
        list.append("<li><a href=\"")
            .append(name)
            .append("\">")
            .append(first)
            .append("</a></li>\n");
      }
    }
    write("decisions/index.html", filled("decisions/index.html", "Decisions", list + "</ul>\n"));
  }

  /** A Java file, with an anchor at each method that a page names. */
  private void source(Path file) throws IOException {
    StringBuilder code = new StringBuilder();
    TreeSet<String> wanted = new TreeSet<>(sources.get(file));
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      String id = "L" + ++number;
      Matcher declared =
          Pattern.compile("^ {2,6}(?:[\\w<>\\[\\].?, ]+ )(\\w+)\\((?!.*;$).*").matcher(line);
      if (declared.matches() && !line.contains(" return ") && wanted.remove(declared.group(1))) {
        id = declared.group(1);
      }
      code.append(
          "<span id=\""
              + id
              + "\">"
              + line.replace("&", "&amp;").replace("<", "&lt;")
              + "</span>\n");
    }
    String name = file.getFileName().toString();
    String place = "source/" + name + ".html";
    String body = "<h1>" + name + "</h1>\n<pre class=\"source\"><code>" + code + "</code></pre>\n";
    write(place, filled(place, name, body));
    if (!wanted.isEmpty()) {
      System.out.println(name + " has no line that declares " + wanted);
    }
  }
}
