// One message.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { trying, write } from "./api.js";
import { summary } from "./contacts.js";
import { formatted } from "./formatting.js";
import { icon, ticks } from "./icons.js";
import { media } from "./media.js";
import { placeCard } from "./place.js";
import { arrived, set, state } from "./state.js";
import { clock } from "./times.js";

export function bubble(message) {
  const chosen = state.ui.chosen === message.sid ? "chosen" : "";
  const pending = arrived(message) ? "" : message.error_code ? "lost" : "pending";
  return html`
    <div class="bubble ${message.direction} ${chosen} ${pending}" tabindex="0" id=${message.sid}
      data-testid="bubble" data-sid=${message.sid} data-direction=${message.direction} data-status=${message.status}
      aria-label="${message.direction === "in" ? "You" : "Gateway"}, ${clock(message.at)}"
      @click=${(event) => choose(event, message)} @keydown=${(event) => keys(event, message)}>
      ${quote(message)} ${media(message)} ${placeCard(message.location)}
      ${words(message) ? html`<div class="text">${formatted(words(message))}</div>` : nothing}
      <div class="meta"><time datetime=${message.at}>${clock(message.at)}</time>${ticks(message)}</div>
      ${message.error_code ? html`<p class="error">Never arrived: ${message.error_text} (${message.error_code})</p>` : nothing}
      <button class="answer" title="Reply" aria-label="Reply" @click=${(event) => reply(event, message)}>${icon("reply")}</button>
    </div>
    ${offers(message)}
  `;
}

/** A place has to be sent with words; those that name it stand on its card already. */
const words = ({ body, location }) => (location && [location.label, `${location.latitude}, ${location.longitude}`].includes(body) ? "" : body);

function choose(event, message) {
  if (event.target.closest("a, button, input, video")) return;
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

function offers(message) {
  if (!arrived(message)) return nothing;
  const choice = (id) => trying(write(message.contact, { choice: { message: message.sid, id } }));
  if (message.buttons.length) return html`<div class="offers">${message.buttons.map((one) => html`<button @click=${() => choice(one.id)}>${one.title}</button>`)}</div>`;
  if (message.list) return html`<div class="offers"><button @click=${() => set({ dialog: { list: message.sid } })}>${icon("list")} ${message.list.button}</button></div>`;
  return nothing;
}
