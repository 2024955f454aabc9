// What the page says, in the reader's language: the server hands the words over with the page.

const said = JSON.parse(document.querySelector("[data-words]").dataset.words);

export function t(name, values = {}) {
  let words = said[name] ?? name;
  if (words.includes("|")) words = words.split("|")[values.n === 1 ? 0 : 1];
  return words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// A text of the server in both languages.
export function pick(text) {
  const locale = document.documentElement.lang;
  return text?.[locale] || text?.en || text?.["zh-CN"] || "";
}
