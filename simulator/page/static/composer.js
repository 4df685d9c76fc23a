// The place to write: text, commands, attachments, voice.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { trying, toast, upload, write } from "./api.js";
import { summary } from "./contacts.js";
import { icon } from "./icons.js";
import { changed, set, state } from "./state.js";
import { stopButton } from "./stop.js";
import { canRecord, startRecording, stopRecording } from "./voice.js";

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
  ["/language ", "the language of the gateway"],
];
const ATTACHMENTS = [
  ["picture", "Picture or video", "image/jpeg,image/png,image/webp,video/mp4"],
  ["document", "Document", "application/pdf,.doc,.docx,.pptx,.xlsx,.txt,.vcf"],
  ["microphone", "Voice note", "audio/ogg,audio/mpeg,audio/aac,audio/amr,audio/mp4,.ogg,.mp3,.m4a"],
];
const TYPES = { ogg: "audio/ogg", mp3: "audio/mpeg", m4a: "audio/mp4", amr: "audio/amr", vcf: "text/vcard", docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" };

const draft = () => state.ui.drafts.get(state.ui.contact) ?? "";
const commands = () => (/^\/\S*$/.test(draft()) ? COMMANDS.filter(([name]) => name.startsWith(draft())) : []);

export function composer(contact) {
  const { ui } = state;
  const open = commands();
  return html`
    <form class="composer" @submit=${submit} @dragover=${(event) => event.preventDefault()} @drop=${drop}>
      ${replying()} ${open.length ? commandMenu(open) : nothing} ${ui.menu === "attach" ? attachMenu() : nothing}
      <button type="button" class="round" title="Attach" aria-label="Attach" aria-haspopup="menu" aria-expanded=${ui.menu === "attach"} data-testid="attach" @click=${() => set({ menu: ui.menu === "attach" ? null : "attach" })}>${icon("attach")}</button>
      <input type="file" hidden data-testid="file" @change=${chosen} />
      <textarea rows="1" maxlength=${state.limits.body} placeholder=${ui.recording ? "Recording …" : "Message"} aria-label="Message as ${contact.name}" data-testid="composer"
        .value=${draft()} @input=${typed} @keydown=${keys} @paste=${paste}></textarea>
      ${stopButton(contact)}
      ${draft().trim() ? html`<button class="round send" title="Send" aria-label="Send" data-testid="send">${icon("send")}</button>` : voiceButton()}
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
      ${ATTACHMENTS.map(([name, title, accept]) => html`<button type="button" role="menuitem" @click=${() => choose(accept)}>${icon(name)} ${title}</button>`)}
      <button type="button" role="menuitem" @click=${dialog("location")}>${icon("location")} Location</button>
      <button type="button" role="menuitem" @click=${dialog("vcard")}>${icon("contact")} Contact</button>
    </div>
  `;
}

function voiceButton() {
  const { recording } = state.ui;
  const start = () => (canRecord() ? startRecording(send) : choose(ATTACHMENTS[2][2]));
  return html`<button type="button" class="round ${recording ? "recording" : ""}" title=${recording ? "Stop and send" : "Voice note"} aria-label=${recording ? "Stop and send" : "Voice note"} @click=${recording ? stopRecording : start}>${icon(recording ? "stop" : "microphone")}</button>`;
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
  if (!body.trim()) return;
  state.ui.drafts.set(contact, "");
  set({ replyTo: null });
  document.querySelector(".composer textarea").rows = 1;
  const sent = await trying(write(contact, { body, reply_to: replyTo }));
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
  const [file] = event.target.files;
  event.target.value = "";
  if (file) send(file);
}

function paste(event) {
  const [file] = event.clipboardData.files;
  if (!file) return;
  event.preventDefault();
  send(file);
}

function drop(event) {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) send(file);
}

async function send(file) {
  const { contact, replyTo } = state.ui;
  if (file.size > state.limits.file) return toast("The file is larger than 16 MB.");
  const known = TYPES[file.name.split(".").at(-1).toLowerCase()];
  const typedFile = file.type ? file : new File([file], file.name, { type: known ?? "" });
  const caption = draft();
  const sent = await trying(upload(contact, typedFile, caption, replyTo));
  if (sent) {
    state.ui.drafts.set(contact, "");
    set({ replyTo: null });
  }
  return sent;
}
