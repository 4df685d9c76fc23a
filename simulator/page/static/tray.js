// What is going to be sent with the next message: shown first, as on a phone.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { toast, trying, upload } from "./api.js";
import { icon } from "./icons.js";
import { changed, state } from "./state.js";
import { ending, size } from "./times.js";

const MOST = 10;
const TYPES = {
  ogg: "audio/ogg",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  amr: "audio/amr",
  vcf: "text/vcard",
  txt: "text/plain",
  pdf: "application/pdf",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
let count = 0;

/** What is ready to be sent to a contact. */
export const ready = (contact) => state.ui.trays.get(contact) ?? [];

/** Lay files beside the words that are being written. */
export function lay(contact, files) {
  const known = [...files].filter(fits).map((file) => ({ key: (count += 1), file: typed(file) }));
  for (const one of known) if (one.file.type.startsWith("image/")) one.url = URL.createObjectURL(one.file);
  const all = [...ready(contact), ...known];
  if (all.length > MOST) toast(`At most ${MOST} at a time.`);
  for (const one of all.slice(MOST)) forget(one);
  put(contact, all.slice(0, MOST));
}

function fits(file) {
  if (file.size > state.limits.file) toast("The file is larger than 16 MB.");
  return file.size <= state.limits.file;
}

function typed(file) {
  const type = file.type || TYPES[file.name.split(".").at(-1).toLowerCase()] || "";
  return file.type ? file : new File([file], file.name, { type });
}

function put(contact, all) {
  state.ui.trays.set(contact, all);
  changed();
}

const forget = (one) => one.url && URL.revokeObjectURL(one.url);

function remove(contact, gone) {
  forget(gone);
  put(contact, ready(contact).filter((one) => one !== gone));
}

/** Send what lies there, a message each, the words with the last; stop at what is refused. */
export async function sendAll(contact, words, replyTo) {
  for (const one of ready(contact)) {
    const isLast = ready(contact).length === 1;
    const sent = await trying(upload(contact, one.file, isLast ? words : "", replyTo));
    if (!sent) return false;
    replyTo = null;
    remove(contact, one);
  }
  return true;
}

export function tray(contact) {
  const all = ready(contact.id);
  if (!all.length) return nothing;
  return html`<ul class="tray" aria-label="To be sent" data-testid="tray">${all.map((one) => html`<li>${shown(one)}<button type="button" class="round" title="Do not send" aria-label="Do not send ${one.file.name}" @click=${() => remove(contact.id, one)}>${icon("close")}</button></li>`)}</ul>`;
}

function shown({ file, url }) {
  if (url) return html`<img src=${url} alt=${file.name} />`;
  return html`<div class="sheet-icon" aria-hidden="true">${ending(file)}</div><span>${file.name}<small>${size(file.size)}</small></span>`;
}
