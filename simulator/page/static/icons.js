// The page's own icons, drawn on a grid of 24.
import { html, svg } from "./vendor/lit-html/lit-html.js";

const PATHS = {
  add: svg`<path d="M12 5v14M5 12h14" />`,
  arrow: svg`<path d="M15 5l-7 7 7 7" />`,
  attach: svg`<path d="M20 11l-8.5 8.500a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.500a2 2 0 0 1-3-3L14 7" />`,
  audio: svg`<path d="M9 18V5l11-2v13" /><circle cx="6.5" cy="18" r="2.5" /><circle cx="17.5" cy="16" r="2.5" />`,
  bench: svg`<path d="M13 3L5 14h6l-1 7 8-11h-6z" />`,
  bin: svg`<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5" />`,
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  contact: svg`<circle cx="12" cy="8" r="4" /><path d="M4 20c1-4 4-6 8-6s7 2 8 6" />`,
  clock: svg`<circle cx="12" cy="12" r="8" /><path d="M12 8v4l3 2" />`,
  document: svg`<path d="M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6M9 16h6" />`,
  list: svg`<path d="M8 6h12M8 12h12M8 18h12M4 6h.010M4 12h.010M4 18h.01" />`,
  location: svg`<path d="M12 21c5-5.5 7-8.5 7-11.500a7 7 0 0 0-14 0C5 12.5 7 15.5 12 21z" /><circle cx="12" cy="9.5" r="2.5" />`,
  microphone: svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5 11a7 7 0 0 0 14 0M12 18v3" />`,
  pause: svg`<path d="M8 6v12M16 6v12" stroke-width="3" />`,
  picture: svg`<rect x="3" y="5" width="18" height="14" rx="2" /><circle cx="9" cy="10" r="1.5" /><path d="M4 18l5-5 4 4 3-3 4 4" />`,
  play: svg`<path d="M7 5l12 7-12 7z" fill="currentColor" />`,
  reply: svg`<path d="M10 6l-6 6 6 6M4 12h9a7 7 0 0 1 7 7" />`,
  send: svg`<path d="M4 12l16-8-6 16-3-6z" />`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="2" />`,
  theme: svg`<circle cx="12" cy="12" r="8" /><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />`,
  look: svg`<circle cx="11" cy="11" r="6" /><path d="M16 16l5 5" />`,
};
const TICK = svg`<path d="M2 7l3.5 4L12 3" />`;

export const icon = (name) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${PATHS[name]}</svg>`;

const WORDS = {
  in: {
    sending: "On its way",
    sent: "Twilio has it",
    delivered: "The gateway took it",
    read: "Read",
    failed: "The gateway never took it",
  },
  out: {
    queued: "Delivery status: queued",
    sent: "Delivery status: sent",
    delivered: "Delivery status: delivered",
    read: "Delivery status: read",
    failed: "Delivery status: failed",
    undelivered: "Delivery status: undelivered",
  },
};

/** The sign beside a message's time; read out and shown as a title in words. */
export function ticks(message) {
  const status = message.status;
  const words = WORDS[message.direction][status] ?? status;
  const drawn = {
    sending: "clock",
    queued: "clock",
    failed: "bad",
    undelivered: "bad",
  }[status];
  const two = status === "delivered" || status === "read";
  const shown =
    drawn === "clock"
      ? html`<svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" /></svg>`
      : drawn === "bad"
        ? html`<svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="9" /><path d="M12 7v6M12 16.500v.01" /></svg>`
        : html`<svg viewBox="0 0 18 14" class=${two ? "two" : "one"}>${TICK}${two ? svg`<path d="M7 10l.8 1L14.5 3" />` : ""}</svg>`;
  return html`<span class="ticks" data-testid="ticks" data-status=${status} title=${words} role="img" aria-label=${words}>${shown}</span>`;
}
