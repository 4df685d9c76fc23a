// How loud something is over time, as upright bars.
import { html, svg } from "./vendor/lit-html/lit-html.js";

const EACH = 4;
const HEIGHT = 24;
const LEAST = 3;

/** Bars of heights from 0 to 1; those before `position`, from 0 to 1, are played. */
export function bars(heights, position, count = heights.length) {
  const first = count - heights.length;
  const drawn = heights.map((one, index) => {
    const high = Math.max(LEAST, one * HEIGHT);
    return svg`<rect class=${index / heights.length < position ? "played" : ""} x=${(first + index) * EACH} y=${(HEIGHT - high) / 2} width=${EACH / 2} height=${high} rx="1" />`;
  });
  return html`<svg class="bars" viewBox="0 0 ${count * EACH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg>`;
}
