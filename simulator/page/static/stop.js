// The button that stops an answer: it writes /cancel, as the person at the phone would.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { trying, write } from "./api.js";
import { icon } from "./icons.js";
import { chat, isAwaited } from "./state.js";

const COMMAND = "/cancel";

const composer = () => document.querySelector(".composer textarea");
const isStopping = (contact) => chat(contact).findLast((one) => one.direction === "in")?.body === COMMAND;

export function stopButton({ id }) {
  if (!isAwaited(id)) return nothing;
  const stopping = isStopping(id);
  return html`<button type="button" class="stop" title="Writes ${COMMAND}" aria-label=${stopping ? "Stopping the answer" : "Stop the answer"} data-testid="stop" ?disabled=${stopping} @click=${() => stop(id)}>${icon("stop")}${stopping ? "Stopping …" : "Stop"}</button>`;
}

function stop(contact) {
  composer()?.focus();
  trying(write(contact, { body: COMMAND }));
}

/** Draw; where this button or a recording goes while it has the focus, the composer gets it. */
export function keepingFocus(draw) {
  const had = document.activeElement?.matches(".stop, .recorder *");
  draw();
  if (had && !document.querySelector(".stop:enabled, .recorder")) composer()?.focus();
}
