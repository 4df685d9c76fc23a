// What comes with a message: pictures, films, recordings, documents, contacts.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { player } from "./player.js";
import { ending, size } from "./times.js";

const CARDS = ["text/vcard", "text/x-vcard"];
const NAMES = { image: "Picture", audio: "Recording", video: "Film" };

/** One form of what the server says of a medium, whoever sent it. */
const read = (one) => ({ ...one, type: one.type ?? one.content_type ?? "application/octet-stream", name: one.name ?? "", size: one.size ?? 0 });

export function media(message) {
  const all = message.media.map(read);
  if (!all.length && !message.body && !message.location && message.error_code) return card("document", "Not on the phone", "A picture, file or recording");
  return all.map((one) => medium(one, message));
}

function medium(one, message) {
  const kind = NAMES[one.type.split("/")[0]];
  if (!one.url) return card("document", "Deleted", kind ?? "Document");
  if (!isHere(one.url)) return link(one, kind);
  if (CARDS.includes(one.type)) return contacts(one);
  if (kind === "Picture") return html`<a class="frame" href=${one.url} target="_blank" rel="noopener"><img class="picture" src=${one.url} alt=${message.body || one.name || "Picture"} /></a>`;
  if (kind === "Recording") return player(one);
  if (kind === "Film") return html`<video class="picture" controls preload="metadata" src=${one.url}></video>`;
  return html`<a class="card file" data-testid="file-card" href=${one.url} target="_blank" rel="noopener"><span class="sheet-icon" aria-hidden="true">${ending(one)}</span><div><strong>${one.name || "Document"}</strong><span>${ending(one)} · ${size(one.size)}</span></div></a>`;
}

const isHere = (url) => URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin;

const card = (name, title, about) => html`<div class="card">${icon(name)}<div><strong>${title}</strong><span>${about}</span></div></div>`;

/** What is on another machine is named, never loaded: nothing leaves this one by itself. */
function link(one, kind) {
  const host = URL.canParse(one.url) ? new URL(one.url).host : "an address that is none";
  const isLink = /^https?:/.test(one.url);
  return html`<a class="card" data-testid="foreign" href=${isLink ? one.url : nothing} target="_blank" rel="noopener noreferrer">${icon(kind === "Picture" ? "picture" : "document")}<div><strong>${one.name || kind || "Document"}</strong><span>at ${host}, not loaded here</span></div></a>`;
}

function contacts(one) {
  const people = one.people?.length ? one.people : [{ name: one.name.replace(/\.vcf$/, ""), organisation: "", details: [] }];
  return html`
    <div class="people" data-testid="contact-card">
      ${people.map((who) => html`<div class="card">${icon("contact")}<div><strong>${who.name || "Contact"}</strong>${who.organisation ? html`<span>${who.organisation}</span>` : nothing}${who.details.map((detail) => html`<span>${detail}</span>`)}</div></div>`)}
      <a class="below" href=${one.url} target="_blank" rel="noopener">Open the card</a>
    </div>
  `;
}
