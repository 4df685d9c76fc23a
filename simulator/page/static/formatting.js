// WhatsApp's text formatting, read as a phone reads it, and shown as nodes.
//
// A mark opens after a line's start, a blank or punctuation and touches its text; it closes
// touching its text, before a blank, punctuation or the line's end. No pair spans lines, marks
// inside a word do nothing, and nothing is formatted inside code.
import { html, nothing } from "./vendor/lit-html/lit-html.js";

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}\p{M}]/u;
const LINK = /https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]]/g;
const FENCE = /```([\s\S]*?\S[\s\S]*?)```/g;

const isWord = (character) => character !== undefined && WORD.test(character);
const isBlank = (character) => character !== undefined && /\s/.test(character);

/** Cuts a text into blocks: `{kind: "mono"|"line"|"bullet"|"number"|"quote", text, mark}`. */
export function blocks(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(FENCE)) {
    found.push(...lines(text.slice(end, match.index)));
    found.push({ kind: "mono", text: match[1].replace(/^\n|\n$/g, "") });
    end = match.index + match[0].length;
    if (text[end] === "\n") end += 1;
  }
  return [...found, ...lines(text.slice(end))];
}

function lines(text) {
  if (!text) return [];
  const all = text.split("\n");
  if (all.at(-1) === "") all.pop();
  return all.map((line) => {
    const bullet = /^[-*] (?=\S)/.exec(line);
    if (bullet) return { kind: "bullet", text: line.slice(2) };
    const number = /^(\d{1,3})\. (?=\S)/.exec(line);
    if (number) return { kind: "number", text: line.slice(number[0].length), mark: number[1] };
    const quote = /^> ?/.exec(line);
    if (quote) return { kind: "quote", text: line.slice(quote[0].length) };
    return { kind: "line", text: line };
  });
}

/** Reads one line: `[{text, styles: ["bold", ...]}]`, marks taken out. */
export function runs(line) {
  const characters = [...line];
  const styles = characters.map(() => new Set());
  const hidden = new Set();
  const inside = new Set();
  for (const [start, end] of codes(characters)) {
    hidden.add(start).add(end);
    for (let index = start; index <= end; index += 1) inside.add(index);
    for (let index = start + 1; index < end; index += 1) styles[index].add("code");
  }
  markPairs(characters, inside, styles, hidden);
  return joined(characters, styles, hidden);
}

function markPairs(characters, inside, styles, hidden) {
  let opened = new Map();
  characters.forEach((character, index) => {
    if (!(character in STYLES) || inside.has(index)) return;
    const before = characters[index - 1];
    const after = characters[index + 1];
    const start = opened.get(character);
    const closes = start !== undefined && index - start > 1 && !isBlank(before) && !isWord(after);
    if (closes) {
      for (let place = start + 1; place < index; place += 1) styles[place].add(STYLES[character]);
      hidden.add(start).add(index);
      opened = new Map([...opened].filter(([, place]) => place < start));
    } else if (after !== undefined && !isBlank(after) && !isWord(before)) {
      opened.set(character, index);
    }
  });
}

function codes(characters) {
  const ticks = characters.flatMap((character, index) =>
    character === "`" && characters[index - 1] !== "`" && characters[index + 1] !== "`" ? [index] : [],
  );
  const found = [];
  let position = -1;
  for (const start of ticks) {
    const end = characters.indexOf("`", start + 1);
    if (start > position && ticks.includes(end)) {
      found.push([start, end]);
      position = end;
    }
  }
  return found;
}

function joined(characters, styles, hidden) {
  const found = [];
  characters.forEach((character, index) => {
    if (hidden.has(index)) return;
    const key = [...styles[index]].sort().join(" ");
    const last = found.at(-1);
    if (last && last.key === key) last.text += character;
    else found.push({ key, text: character, styles: [...styles[index]] });
  });
  return found.map(({ text, styles: names }) => ({ text, styles: names }));
}

/** The text as it is shown. */
export function formatted(text) {
  return blocks(text).map((block) => {
    if (block.kind === "mono") return html`<pre class="mono">${block.text}</pre>`;
    const shown = runs(block.text).map(run);
    if (block.kind === "bullet") return html`<div class="item"><span aria-hidden="true">•</span><div>${shown}</div></div>`;
    if (block.kind === "number") return html`<div class="item"><span>${block.mark}.</span><div>${shown}</div></div>`;
    if (block.kind === "quote") return html`<blockquote>${shown}</blockquote>`;
    return html`<div class="line">${block.text ? shown : html`<br />`}</div>`;
  });
}

function run({ text, styles }) {
  const shown = styles.includes("code") ? text : linked(text);
  return styles.length ? html`<span class=${styles.join(" ")}>${shown}</span>` : shown;
}

function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    parts.push(html`<a href=${match[0]} target="_blank" rel="noopener noreferrer">${match[0]}</a>`);
    end = match.index + match[0].length;
  }
  return parts.length ? [...parts, text.slice(end)] : text || nothing;
}

/** The text on one line without marks, for the list of chats. */
export function plain(text) {
  return blocks(text)
    .map((block) => (block.kind === "mono" ? block.text : runs(block.text).map((one) => one.text).join("")))
    .join(" ");
}
