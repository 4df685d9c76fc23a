// The list of chats.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { plain } from "./formatting.js";
import { icon, ticks } from "./icons.js";
import { gatewayState, isTyping, newest, open, set, state, unread } from "./state.js";
import { toggleTheme } from "./theme.js";
import { clock } from "./times.js";

const GATEWAY = { up: "Gateway is running", down: "Gateway is down", starting: "Gateway is starting", unknown: "Not connected" };

export const avatar = (contact) =>
  html`<span class="avatar" data-hue=${[...contact.id].reduce((sum, one) => sum + one.codePointAt(0), 0) % 6} aria-hidden="true">${[...contact.name][0]}</span>`;

export function contactsView() {
  const { contacts, ui } = state;
  const gateway = gatewayState();
  return html`
    <nav class="contacts" aria-label="Chats">
      <header class="bar">
        <h1>Phones</h1>
        <button class="round" title="Light or dark" aria-label="Light or dark" data-testid="theme" @click=${toggleTheme}>${icon("theme")}</button>
        <button class="round" title="Add a contact" aria-label="Add a contact" data-testid="add-contact" @click=${() => set({ dialog: "person" })}>${icon("add")}</button>
      </header>
      <p class="gateway" data-testid="gateway" data-state=${gateway} role="status"><span class="dot"></span>${GATEWAY[gateway]}</p>
      <ul>
        ${[...contacts.values()].map((contact) => item(contact, contact.id === ui.contact))}
      </ul>
      <p class="hint">You are each of these people, writing to ${state.business.number || "the gateway"}. Nothing leaves this machine.</p>
    </nav>
  `;
}

function item(contact, current) {
  const last = newest(contact.id);
  const count = unread(contact.id);
  const typing = isTyping(contact.id);
  return html`
    <li>
      <button class="contact" data-testid="contact-${contact.id}" aria-current=${current ? "true" : "false"} @click=${() => open(contact.id)}>
        ${avatar(contact)}
        <span class="who">${contact.name}</span>
        <span class="when">${last ? clock(last.at) : nothing}</span>
        <span class="last">${typing ? html`<em>typing …</em>` : last ? html`${last.direction === "in" ? ticks(last) : nothing}${summary(last)}` : contact.phone ?? "hides the number"}</span>
        ${count ? html`<span class="count" aria-label="${count} unread">${count}</span>` : nothing}
      </button>
    </li>
  `;
}

export function summary(message) {
  if (message.body) return plain(message.body).slice(0, 120);
  if (message.location) return "📍 Location";
  const type = message.media[0]?.type ?? message.media[0]?.content_type ?? "";
  if (type.startsWith("image/")) return "📷 Picture";
  if (type.startsWith("audio/")) return "🎤 Voice note";
  if (type.startsWith("video/")) return "🎬 Video";
  return /^text\/(x-)?vcard$/.test(type) ? "👤 Contact" : "📄 Document";
}
