// Recordings: played, and shown as what is loud in them. One plays at a time.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { bars } from "./bars.js";
import { icon } from "./icons.js";
import { changed } from "./state.js";
import { minutes } from "./times.js";

const BARS = 36;
const MOST_DRAWN = 4 * 1024 * 1024;
const FLAT = Array(BARS).fill(0);
const recordings = new Map();

export function player(one) {
  const now = recordings.get(one.url) ?? begin(one);
  const isNote = one.type === "audio/ogg";
  const position = now.duration ? now.at / now.duration : 0;
  return html`
    <div class="player" data-testid="player" data-seconds=${now.duration.toFixed(1)}>
      <button type="button" class="round" aria-label=${now.playing ? "Pause" : "Play"} @click=${(event) => toggle(event, now)}>${icon(now.playing ? "pause" : "play")}</button>
      <div class="track">
        ${bars(now.peaks, position)}
        <input type="range" aria-label="Position in the recording" min="0" max=${now.duration || 1} step="0.1" .value=${String(now.at)} @input=${(event) => seek(event, now)} />
        <span class="about"><span>${minutes(now.playing || now.at ? now.at : now.duration)}</span><span>${isNote || !one.name ? "" : one.name}</span></span>
      </div>
      ${isNote ? icon("microphone") : nothing}
      <audio preload="metadata" src=${one.url} @loadedmetadata=${(event) => learn(event, now)} @timeupdate=${(event) => set(now, { at: event.target.currentTime })}
        @play=${(event) => played(event, now)} @pause=${() => set(now, { playing: false })} @ended=${() => set(now, { at: 0, playing: false })}></audio>
    </div>
  `;
}

function begin(one) {
  const now = { at: 0, duration: 0, playing: false, peaks: FLAT };
  recordings.set(one.url, now);
  if (one.size <= MOST_DRAWN) draw(one.url, now);
  return now;
}

function set(now, changes) {
  Object.assign(now, changes);
  changed();
}

async function draw(url, now) {
  try {
    const bytes = await (await fetch(url)).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(bytes);
    set(now, { peaks: peaks(sound.getChannelData(0)), duration: sound.duration });
  } catch {
    // What this browser cannot decode is shown as a plain line.
  }
}

function peaks(samples) {
  const width = Math.max(1, Math.floor(samples.length / BARS));
  const loud = Array.from({ length: BARS }, (_, bar) => Math.sqrt(samples.subarray(bar * width, (bar + 1) * width).reduce((sum, one) => sum + one * one, 0) / width));
  const most = Math.max(...loud) || 1;
  return loud.map((one) => one / most);
}

function learn({ target }, now) {
  if (!now.duration && Number.isFinite(target.duration)) set(now, { duration: target.duration });
}

function toggle(event, now) {
  const audio = event.target.closest(".player").querySelector("audio");
  if (now.playing) audio.pause();
  else audio.play().catch(() => set(now, { playing: false }));
}

function played({ target }, now) {
  for (const other of document.querySelectorAll("audio")) if (other !== target) other.pause();
  set(now, { playing: true });
}

function seek(event, now) {
  const audio = event.target.closest(".player").querySelector("audio");
  audio.currentTime = Number(event.target.value);
  set(now, { at: audio.currentTime });
}
