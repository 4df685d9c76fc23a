// The stream of events: open while the page is seen, and opened again whenever it breaks.
import { changed, events, state } from "./state.js";

const HIDDEN_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 1500;

let source = null;
let retry;
let sleep;

function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource("/simulator/events");
  for (const [name, take] of Object.entries(events)) {
    source.addEventListener(name, (event) => {
      take(JSON.parse(event.data));
      changed();
    });
  }
  source.addEventListener("error", () => {
    state.connected = false;
    changed();
    // A browser gives up by itself when the server answers with an error.
    if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MILLISECONDS);
  });
}

function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

/** Follow the server from now on. */
export function follow() {
  connect();
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleep);
    if (document.hidden) sleep = setTimeout(disconnect, HIDDEN_MILLISECONDS);
    else if (!source) connect();
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => event.persisted && connect());
}
