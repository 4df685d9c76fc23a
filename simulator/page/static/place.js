// Places on a map that is drawn here: shores and a pin, no tiles from elsewhere.
import { html, nothing, svg } from "./vendor/lit-html/lit-html.js";

const HEIGHT = 120;
const WIDTH = 260;
const PER_DEGREE = 10;
// The map repeats beside itself, for places near the date line.
const ROUNDS = [-3600, 0, 3600];

export const degrees = ({ latitude, longitude }) => `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;

/** Where in the world a place is; a pin and the shores around it. */
export function map({ latitude, longitude }) {
  const narrow = Math.max(0.2, Math.cos((latitude * Math.PI) / 180));
  const x = longitude * PER_DEGREE * narrow;
  const y = -latitude * PER_DEGREE;
  return html`
    <svg class="map" viewBox="${x - WIDTH / 2} ${y - HEIGHT / 2} ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice" role="img" aria-label="Map of the shores around ${degrees({ latitude, longitude })}">
      <g transform="scale(${narrow} 1)">${ROUNDS.map((round) => svg`<use href="/static/land.svg#land" x=${round} />`)}</g>
      <path class="pin" d="M${x} ${y}c-5-7-8-9.500-8-14a8 8 0 0 1 16 0c0 4.500-3 7-8 14z" /><circle class="hole" cx=${x} cy=${y - 14} r="3" />
    </svg>
  `;
}

const elsewhere = ({ latitude, longitude }) => `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;

export function placeCard(place) {
  if (!place) return nothing;
  return html`
    <div class="place" data-testid="place">
      ${map(place)}
      <div class="about">
        ${place.label ? html`<strong>${place.label}</strong>` : nothing} ${place.address ? html`<span>${place.address}</span>` : nothing}
        <a href=${elsewhere(place)} target="_blank" rel="noopener noreferrer" title="Opens OpenStreetMap on the internet">${degrees(place)}</a>
      </div>
    </div>
  `;
}
