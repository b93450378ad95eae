// The search: lunr over the sections of all pages, which search.js holds.
const box = document.getElementById("search");
const results = document.getElementById("results");
let index;

if (matchMedia("(max-width: 50rem)").matches) {
  document.querySelector(".contents").open = false;
}

function build() {
  index ??= lunr(function () {
    this.ref("i");
    this.field("h", { boost: 8 });
    this.field("t", { boost: 4 });
    this.field("x");
    SECTIONS.forEach((section, i) => this.add({ i, ...section }));
  });
}

function matches(words) {
  const all = index.query((query) => {
    for (const word of lunr.tokenizer(words)) {
      query.term(word, { boost: 10 });
      query.term(word, { wildcard: lunr.Query.wildcard.TRAILING });
    }
  });
  return all.slice(0, 12).map((one) => SECTIONS[one.ref]);
}

function excerpt(text, words) {
  const first = words.trim().toLowerCase().split(/\s+/)[0];
  const at = Math.max(0, text.toLowerCase().indexOf(first) - 40);
  return (at > 0 ? "…" : "") + text.slice(at, at + 140) + (at + 140 < text.length ? "…" : "");
}

function search() {
  const words = box.value.trim();
  results.hidden = words === "";
  results.replaceChildren();
  if (words === "") {
    return;
  }
  build();
  for (const section of matches(words)) {
    const link = document.createElement("a");
    link.href = folder + section.u;
    link.textContent = section.h === section.t ? section.t : section.t + " › " + section.h;
    const small = document.createElement("small");
    small.textContent = excerpt(section.x, words);
    const item = document.createElement("li");
    item.append(link, small);
    results.append(item);
  }
  if (!results.hasChildNodes()) {
    results.append(Object.assign(document.createElement("li"), { textContent: "Nothing found." }));
  }
}

box.addEventListener("focus", build);
box.addEventListener("input", search);
document.addEventListener("keydown", (key) => {
  if (key.key === "Escape") {
    box.value = "";
    search();
  } else if (key.key === "Enter" && document.activeElement === box) {
    results.querySelector("a")?.click();
  } else if (key.key === "/" && document.activeElement !== box) {
    key.preventDefault();
    box.focus();
  }
});
document.addEventListener("click", (click) => {
  results.hidden = !click.target.closest("header");
});

const asked = new URLSearchParams(location.search).get("q"); // index.html?q=WORDS
if (asked) {
  box.value = asked;
  search();
}
