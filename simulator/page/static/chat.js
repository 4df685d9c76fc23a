// One conversation: head, messages, and the place to write.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { trying, upload, write } from "./api.js";
import { bubble } from "./bubble.js";
import { attach, composer } from "./composer.js";
import { avatar } from "./contacts.js";
import { icon } from "./icons.js";
import { changed, chat, isTyping, set, state } from "./state.js";
import { day } from "./times.js";
import { cancel } from "./voice.js";

let shown = { contact: null, count: 0 };
let atBottom = true;

export function chatView() {
  const contact = state.contacts.get(state.ui.contact);
  if (!contact) return html`<main class="chat empty"><p>${state.loaded ? "Choose a chat." : "Connecting …"}</p></main>`;
  const messages = chat(contact.id);
  return html`
    <main class="chat ${state.ui.dragging ? "dragging" : ""}" aria-label="Chat with the gateway as ${contact.name}" @dragenter=${drag} @dragover=${drag} @dragleave=${leave} @drop=${drop}>
      ${head(contact)}
      <div class="log" role="log" aria-live="polite" aria-label="Messages" tabindex="-1" data-testid="log" @scroll=${follow} @keydown=${walk} @load=${grown}>
        ${messages.length ? nothing : welcome(contact)}
        ${repeat(messages, (one) => one.sid, (one, index) => html`${separator(messages[index - 1], one)}${bubble(one)}`)}
        ${isTyping(contact.id) ? html`<div class="bubble out dots" data-testid="typing" aria-label="typing"><i></i><i></i><i></i></div>` : nothing}
      </div>
      ${atBottom ? nothing : html`<button class="down" @click=${toBottom}>New messages ↓</button>`}
      ${composer(contact)}
      <div class="drop" aria-hidden="true" ?hidden=${!state.ui.dragging}><p>Drop photos or a document here</p></div>
    </main>
  `;
}

function head(contact) {
  const about = isTyping(contact.id) ? "typing …" : flags(contact);
  return html`
    <header class="bar">
      <button class="round narrow" aria-label="Back to the chats" @click=${() => set({ screen: "list" })}>${icon("arrow")}</button>
      ${avatar(contact)}
      <div class="title">
        <h2>${contact.name}</h2>
        <p>${about}</p>
      </div>
      <button class="round" title="Under the bonnet" aria-label="Under the bonnet" data-testid="open-panel" @click=${() => set({ screen: state.ui.screen === "panel" ? "chat" : "panel" })}>${icon("bench")}</button>
    </header>
  `;
}

function flags(contact) {
  const said = [contact.phone ?? `${contact.user_id} · hides the number`];
  if (!contact.window_open) said.push("24-hour window closed");
  if (contact.blocked) said.push("blocks the business");
  if (contact.opted_out) said.push("opted out");
  if (!contact.joined) said.push("left the sandbox");
  return said.join(" · ");
}

function welcome(contact) {
  return html`
    <div class="welcome">
      <p>You are <strong>${contact.name}</strong>. Write something, as on a phone: the gateway answers. Or begin with one of these:</p>
      <div class="presets">${BEGINNINGS.map(([title, begin]) => html`<button type="button" @click=${() => trying(begin(contact.id))}>${title}</button>`)}</div>
      <p>Photos, documents, places and voice notes go by <span class="inline">${icon("attach")}</span> and <span class="inline">${icon("microphone")}</span>; break things on the right and watch them heal.</p>
    </div>
  `;
}

const BEGINNINGS = [
  ["Say hello", (contact) => write(contact, { body: "Hello" })],
  ["Show somebody a photo", showPhoto],
  ["See all commands", (contact) => write(contact, { body: "/help" })],
];

/** To the demo assistant that looks at pictures; whoever brought their own has no such one. */
async function showPhoto(contact) {
  const picture = await (await fetch("/static/picture.png")).blob();
  await write(contact, { body: "/switch observer" });
  return upload(contact, new File([picture], "hills.png", { type: picture.type }), "What do you see?");
}

function separator(before, message) {
  const today = day(message.at);
  return before && day(before.at) === today ? nothing : html`<div class="day"><span>${today}</span></div>`;
}

const log = () => document.querySelector(".log");

// A phone is turned, or its keyboard opens: the newest message stays in sight.
addEventListener("resize", () => atBottom && toBottom());

function follow() {
  const list = log();
  const now = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  if (now !== atBottom) {
    atBottom = now;
    changed();
  }
}

// A picture takes its room when it is there; the event does not bubble.
const grown = { handleEvent: () => atBottom && toBottom(), capture: true };

const hasFiles = (event) => event.dataTransfer.types.includes("Files");

function drag(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  if (!state.ui.dragging) set({ dragging: true });
}

function leave(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) set({ dragging: false });
}

function drop(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  set({ dragging: false });
  attach([...event.dataTransfer.files]);
}

function toBottom() {
  const list = log();
  if (list) list.scrollTop = list.scrollHeight;
}

/** Keep the newest message in sight unless the reader scrolled away. */
export function afterChat() {
  const { contact } = state.ui;
  const messages = chat(contact);
  const now = { contact, count: messages.length };
  const own = messages.at(-1)?.direction === "in" && now.count > shown.count;
  if (now.contact !== shown.contact || own) atBottom = true;
  if (state.ui.recording && state.ui.recording.contact !== contact) cancel();
  shown = now;
  if (atBottom) toBottom();
}

function walk(event) {
  const current = event.target.closest(".bubble");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!current || !step) return;
  const all = [...log().querySelectorAll(".bubble[tabindex]")];
  all[all.indexOf(current) + step]?.focus();
  event.preventDefault();
}

