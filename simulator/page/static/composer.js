// The place to write: text, commands, attachments, voice.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { trying, upload, write } from "./api.js";
import { summary } from "./contacts.js";
import { icon } from "./icons.js";
import { changed, set, state } from "./state.js";
import { recorder, voiceButton } from "./recording.js";
import { stopButton } from "./stop.js";
import { lay, ready, sendAll, tray } from "./tray.js";

const COMMANDS = [
  ["/list", "who can answer"],
  ["/switch ", "talk to another assistant"],
  ["/current", "who answers now"],
  ["/help", "all commands"],
  ["/new", "start a new conversation"],
  ["/cancel", "stop the answer being written"],
  ["/again", "ask the last question anew"],
  ["/why", "how the last answer came about"],
  ["/rate ", "rate the last answer: 1 to 5"],
  ["/voice ", "have answers spoken: on, off or auto"],
  ["/human", "ask for a human"],
  ["/language ", "the language of the gateway"],
  ["/export", "get everything kept of you"],
  ["/forget", "delete everything kept of you"],
];
const RECORDINGS = "audio/ogg,audio/mpeg,audio/aac,audio/amr,audio/mp4,.ogg,.mp3,.m4a";
const ATTACHMENTS = [
  ["picture", "Photos and videos", "image/jpeg,image/png,image/webp,video/mp4"],
  ["document", "Document", "application/pdf,.doc,.docx,.pptx,.xlsx,.txt,.vcf"],
  ["audio", "Audio", RECORDINGS],
];

const draft = () => state.ui.drafts.get(state.ui.contact) ?? "";
const commands = () => (/^\/\S*$/.test(draft()) ? COMMANDS.filter(([name]) => name.startsWith(draft())) : []);

export function composer(contact) {
  const { ui } = state;
  const open = commands();
  if (ui.recording?.contact === contact.id) return html`<div class="composer">${replying()} ${recorder()}</div>`;
  const isReady = draft().trim() || ready(contact.id).length;
  return html`
    <form class="composer" @submit=${submit}>
      ${replying()} ${tray(contact)} ${open.length ? commandMenu(open) : nothing} ${ui.menu === "attach" ? attachMenu() : nothing}
      <button type="button" class="round" title="Attach" aria-label="Attach" aria-haspopup="menu" aria-expanded=${ui.menu === "attach"} data-testid="attach" @click=${() => set({ menu: ui.menu === "attach" ? null : "attach" })}>${icon("attach")}</button>
      <input type="file" multiple hidden data-testid="file" @change=${chosen} />
      <textarea rows="1" maxlength=${state.limits.body} placeholder=${ready(contact.id).length ? "Add a caption" : "Message"} aria-label="Message as ${contact.name}" data-testid="composer"
        .value=${draft()} @input=${typed} @keydown=${keys} @paste=${paste}></textarea>
      ${stopButton(contact)}
      ${isReady ? html`<button class="round send" title="Send" aria-label="Send" data-testid="send">${icon("send")}</button>` : voiceButton(contact, (file) => sendNote(contact.id, file), () => choose(RECORDINGS))}
    </form>
  `;
}

function replying() {
  const quoted = state.messages.get(state.ui.replyTo);
  if (!quoted) return nothing;
  return html`<div class="replying" data-testid="replying"><div class="quote"><strong>${quoted.direction === "in" ? "You" : state.business.name}</strong><span>${summary(quoted)}</span></div><button type="button" class="round" aria-label="Do not reply" @click=${() => set({ replyTo: null })}>${icon("close")}</button></div>`;
}

function commandMenu(open) {
  return html`<div class="menu commands" role="listbox" aria-label="Commands">${open.map(([name, about], index) => html`<button type="button" role="option" aria-selected=${index === state.ui.command % open.length} @click=${() => pick(name)}><strong>${name}</strong> ${about}</button>`)}</div>`;
}

function attachMenu() {
  const dialog = (name) => () => set({ dialog: name, menu: null });
  return html`
    <div class="menu attachments" role="menu" aria-label="Attach">
      ${ATTACHMENTS.map(([name, title, accept]) => html`<button type="button" role="menuitem" class=${name} @click=${() => choose(accept)}>${icon(name)} ${title}</button>`)}
      <button type="button" role="menuitem" class="location" @click=${dialog("location")}>${icon("location")} Location</button>
      <button type="button" role="menuitem" class="contact-icon" @click=${dialog("vcard")}>${icon("contact")} Contact</button>
    </div>
  `;
}

function typed(event) {
  state.ui.drafts.set(state.ui.contact, event.target.value);
  state.ui.command = 0;
  grow(event.target);
  changed();
}

function grow(area) {
  area.rows = 1;
  while (area.scrollHeight > area.clientHeight + 2 && area.rows < 6) area.rows += 1;
}

function keys(event) {
  const open = commands();
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (open.length && step) {
    event.preventDefault();
    set({ command: (state.ui.command + step + open.length) % open.length });
  } else if (open.length && (event.key === "Tab" || event.key === "Enter") && open[state.ui.command][0] !== draft()) {
    event.preventDefault();
    pick(open[state.ui.command][0]);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    submit(event);
  }
}

function pick(name) {
  state.ui.command = 0;
  state.ui.drafts.set(state.ui.contact, name);
  document.querySelector(".composer textarea").focus();
  changed();
}

async function submit(event) {
  event.preventDefault();
  const { contact, replyTo } = state.ui;
  const body = draft();
  const files = ready(contact).length;
  if (!body.trim() && !files) return;
  state.ui.drafts.set(contact, "");
  set({ replyTo: null });
  document.querySelector(".composer textarea").rows = 1;
  const sent = files ? await sendAll(contact, body, replyTo) : await trying(write(contact, { body, reply_to: replyTo }));
  if (!sent && !state.ui.drafts.get(contact)) {
    state.ui.drafts.set(contact, body);
    changed();
  }
}

function choose(accept) {
  const input = document.querySelector(".composer input[type=file]");
  input.accept = accept;
  input.click();
  set({ menu: null });
}

function chosen(event) {
  // A copy: emptying the field empties its list, too.
  const files = [...event.target.files];
  event.target.value = "";
  attach(files);
}

/** Lay files beside the message that is being written to the open chat. */
export function attach(files) {
  if (!files.length || !state.ui.contact) return;
  lay(state.ui.contact, files);
  document.querySelector(".composer textarea")?.focus();
}

function paste(event) {
  const { files } = event.clipboardData;
  if (!files.length) return;
  event.preventDefault();
  attach([...files]);
}

async function sendNote(contact, file) {
  const { replyTo } = state.ui;
  set({ replyTo: null });
  await trying(upload(contact, file, "", replyTo));
}
