// One message.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { trying, write } from "./api.js";
import { summary } from "./contacts.js";
import { formatted } from "./formatting.js";
import { icon, ticks } from "./icons.js";
import { arrived, set, state } from "./state.js";
import { clock, size } from "./times.js";

export function bubble(message) {
  const chosen = state.ui.chosen === message.sid ? "chosen" : "";
  const pending = arrived(message) ? "" : message.error_code ? "lost" : "pending";
  return html`
    <div class="bubble ${message.direction} ${chosen} ${pending}" tabindex="0" id=${message.sid}
      data-testid="bubble" data-sid=${message.sid} data-direction=${message.direction} data-status=${message.status}
      aria-label="${message.direction === "in" ? "You" : "Gateway"}, ${clock(message.at)}"
      @click=${(event) => choose(event, message)} @keydown=${(event) => keys(event, message)}>
      ${quote(message)} ${message.media.map((one) => medium(one, message.body))} ${location(message.location)}
      ${message.body ? html`<div class="text">${formatted(message.body)}</div>` : nothing}
      <div class="meta"><time datetime=${message.at}>${clock(message.at)}</time>${ticks(message)}</div>
      ${message.error_code ? html`<p class="error">Never arrived: ${message.error_text} (${message.error_code})</p>` : nothing}
      <button class="answer" title="Reply" aria-label="Reply" @click=${(event) => reply(event, message)}>${icon("reply")}</button>
    </div>
    ${offers(message)}
  `;
}

function choose(event, message) {
  if (event.target.closest("a, button, audio, video")) return;
  set({ chosen: message.sid });
}

function reply(event, message) {
  event.stopPropagation();
  set({ replyTo: message.sid });
  document.querySelector(".composer textarea")?.focus();
}

function keys(event, message) {
  if (event.target !== event.currentTarget) return;
  if (event.key === "Enter") set({ chosen: message.sid, screen: "panel" });
  if (event.key === "r" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    reply(event, message);
  }
}

function quote(message) {
  const quoted = state.messages.get(message.reply_to);
  if (!quoted) return nothing;
  const go = () => document.getElementById(quoted.sid)?.scrollIntoView({ block: "center" });
  return html`<button class="quote" @click=${go}><strong>${quoted.direction === "in" ? "You" : state.business.name}</strong><span>${summary(quoted)}</span></button>`;
}

function medium(one, caption) {
  if (one.type === "text/vcard") return html`<div class="card">${icon("contact")}<div><strong>${one.name.replace(/\.vcf$/, "")}</strong><span>Contact</span></div></div>`;
  if (!one.url) return html`<div class="card">${icon("document")}<div><strong>Deleted</strong></div></div>`;
  if (one.type.startsWith("image/")) return html`<a href=${one.url} target="_blank" rel="noopener"><img class="picture" src=${one.url} alt=${caption || one.name || "Picture"} /></a>`;
  if (one.type.startsWith("audio/")) return html`<audio controls preload="metadata" src=${one.url} aria-label="Voice note"></audio>`;
  if (one.type.startsWith("video/")) return html`<video class="picture" controls preload="metadata" src=${one.url}></video>`;
  return html`<a class="card" href=${one.url} target="_blank" rel="noopener">${icon("document")}<div><strong>${one.name || "Document"}</strong><span>${one.type.split(/[/.]/).at(-1).toUpperCase()} · ${size(one.size)}</span></div></a>`;
}

function location(place) {
  if (!place) return nothing;
  return html`<div class="card">${icon("location")}<div><strong>${place.label || "Location"}</strong><span>${place.address}</span><span>${place.latitude}, ${place.longitude}</span></div></div>`;
}

function offers(message) {
  if (!arrived(message)) return nothing;
  const choice = (id) => trying(write(message.contact, { choice: { message: message.sid, id } }));
  if (message.buttons.length) return html`<div class="offers">${message.buttons.map((one) => html`<button @click=${() => choice(one.id)}>${one.title}</button>`)}</div>`;
  if (message.list) return html`<div class="offers"><button @click=${() => set({ dialog: { list: message.sid } })}>${icon("list")} ${message.list.button}</button></div>`;
  return nothing;
}
