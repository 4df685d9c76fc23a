// Everything the page knows, as one plain object, and the functions that change it.
// What the server says is in the first half, what the person at the page does in `ui`.

export const state = {
  connected: false,
  loaded: false,
  business: { name: "Your gateway", number: "" },
  gateway: { state: "starting" },
  contacts: new Map(),
  messages: new Map(),
  traces: new Map(),
  typing: new Map(),
  bench: [],
  errors: [],
  limits: { body: 4096, file: 16777216 },
  ui: {
    contact: null,
    screen: "list",
    chosen: null,
    replyTo: null,
    drafts: new Map(),
    trays: new Map(),
    seen: new Map(),
    menu: null,
    dialog: null,
    command: 0,
    toast: null,
    recording: null,
    dragging: false,
    place: null,
    person: null,
  },
};

let redraw = () => {};
let planned = false;

/** Let `draw` be called once after any number of changes. */
export function onChange(draw) {
  redraw = draw;
}

export function changed() {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    redraw();
  });
}

const byId = (list, key) => new Map(list.map((one) => [one[key], one]));

/** What each event of the server does. */
export const events = {
  snapshot(data) {
    Object.assign(state, { business: data.business, gateway: data.gateway, bench: data.bench, errors: data.errors, limits: data.limits });
    state.contacts = byId(data.contacts, "id");
    state.messages = byId(data.messages, "sid");
    state.traces = new Map(Object.entries(data.traces));
    state.typing = new Map();
    state.connected = true;
    if (!state.contacts.has(state.ui.contact)) state.ui.contact = data.contacts[0]?.id ?? null;
    if (!state.messages.has(state.ui.chosen)) state.ui.chosen = null;
    if (!state.messages.has(state.ui.replyTo)) state.ui.replyTo = null;
    if (!state.loaded) for (const id of state.contacts.keys()) state.ui.seen.set(id, newest(id)?.number ?? 0);
    state.loaded = true;
  },
  gateway(data) {
    state.gateway = data;
  },
  contact(data) {
    state.contacts.set(data.id, data);
  },
  message(data) {
    const fresh = !state.messages.has(data.sid);
    state.messages.set(data.sid, data);
    if (fresh && data.direction === "in" && data.contact === state.ui.contact) state.ui.chosen = null;
    if (data.contact === state.ui.contact && !document.hidden) see(data.contact);
  },
  typing(data) {
    if (data.until) state.typing.set(data.contact, Date.parse(data.until));
    else state.typing.delete(data.contact);
  },
  steps(data) {
    state.traces.set(data.trace, [...(state.traces.get(data.trace) ?? []), ...data.steps]);
  },
  bench(data) {
    state.bench = data;
  },
  reset() {
    state.messages = new Map();
    state.traces = new Map();
  },
};

const ordered = (list) => list.sort((one, other) => one.number - other.number);

export const chat = (contact) => ordered([...state.messages.values()].filter((one) => one.contact === contact));

export const newest = (contact) => chat(contact).at(-1);

export const unread = (contact) =>
  chat(contact).filter((one) => one.direction === "out" && arrived(one) && one.number > (state.ui.seen.get(contact) ?? 0)).length;

/** Whether an answer is on the phone already. */
export const arrived = (message) => message.direction === "in" || ["delivered", "read"].includes(message.status);

/** What is known of the gateway; nothing is while the page has lost its server. */
export const gatewayState = () => (state.connected || !state.loaded ? state.gateway.state : "unknown");

/** Whether the gateway is at work on something that this person wrote. */
export const isAwaited = (contact) => chat(contact).some((one) => one.awaited);

export const isTyping = (contact) => (state.typing.get(contact) ?? 0) > Date.now();

/** The message the panel tells about: the chosen one, else the newest of the chat. */
export function told() {
  return state.messages.get(state.ui.chosen) ?? newest(state.ui.contact);
}

/** Take all that has arrived in a chat as read. */
export function see(contact) {
  state.ui.seen.set(contact, chat(contact).filter(arrived).at(-1)?.number ?? 0);
}

export function open(contact) {
  Object.assign(state.ui, { contact, screen: "chat", chosen: null, replyTo: null, menu: null });
  see(contact);
  changed();
}

export function set(changes) {
  Object.assign(state.ui, changes);
  changed();
}
