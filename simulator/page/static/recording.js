// The bar of a voice note while it is spoken. Pressed and held, the note is sent when the button is
// let go, thrown away to the left, and locked upwards; a short press locks it at once.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { bars } from "./bars.js";
import { icon } from "./icons.js";
import { changed, state } from "./state.js";
import { minutes } from "./times.js";
import { canRecord, cancel, finish, LEVELS, startRecording } from "./voice.js";

const HELD_MILLISECONDS = 350;
const AWAY_PIXELS = 70;

let press = null;

/** The button that begins a voice note; without a microphone it chooses a file by `choose`. */
export function voiceButton(contact, send, choose) {
  const begin = () => (canRecord() ? startRecording(contact.id, send) : choose());
  const down = (event) => {
    if (event.button !== 0 || !canRecord()) return;
    press = { x: event.clientX, y: event.clientY, at: performance.now() };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", up);
    begin();
    state.ui.recording.locked = false;
  };
  // A press has begun it already; a click without one comes from the keyboard.
  const click = (event) => event.detail === 0 && begin() && lock();
  return html`<button type="button" class="round voice" title="Voice note: press, or hold and let go" aria-label="Voice note" data-testid="voice" @pointerdown=${down} @click=${canRecord() ? click : begin}>${icon("microphone")}</button>`;
}

function move(event) {
  if (!press || !state.ui.recording) return;
  if (press.x - event.clientX > AWAY_PIXELS) release(cancel);
  else if (press.y - event.clientY > AWAY_PIXELS) release(lock);
}

// What the system takes away, as for a gesture of its own, goes on by itself.
function up({ type }) {
  const isShort = performance.now() - press.at < HELD_MILLISECONDS;
  release(isShort || type === "pointercancel" ? lock : finish);
}

function release(then) {
  press = null;
  removeEventListener("pointermove", move);
  removeEventListener("pointerup", up);
  removeEventListener("pointercancel", up);
  then();
}

function lock() {
  if (!state.ui.recording) return;
  state.ui.recording.locked = true;
  changed();
  queueMicrotask(() => document.querySelector(".recorder .send")?.focus());
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.ui.recording) cancel();
});

export function recorder() {
  const { recording } = state.ui;
  const { locked, levels, milliseconds, ready } = recording;
  return html`
    <div class="recorder" data-testid="recorder">
      <button type="button" class="round bin" title="Throw away" aria-label="Throw the recording away" @click=${cancel}>${icon("bin")}</button>
      <span class="beat" aria-hidden="true"></span>
      <time role="timer" aria-label="Length" data-testid="length">${minutes(milliseconds / 1000)}</time>
      <span class="levels">${bars(levels, 0, LEVELS)}</span>
      ${ready ? nothing : html`<span class="hint">Waiting for the microphone …</span>`}
      ${locked ? nothing : html`<span class="hint">‹ away · up: lock</span>`}
      <button type="button" class="round send" title="Send" aria-label="Stop and send" @click=${finish}>${icon("send")}</button>
    </div>
  `;
}
