// Forms and lists that lie over the page, as native dialogs.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { addContact, trying, write } from "./api.js";
import { icon } from "./icons.js";
import { map } from "./place.js";
import { open, set, state } from "./state.js";

const close = () => set({ dialog: null });

export function dialogs() {
  const { dialog } = state.ui;
  if (!dialog) return nothing;
  queueMicrotask(() => {
    const element = document.querySelector("dialog");
    if (element && !element.open) element.showModal();
  });
  if (dialog.list) return sheet(state.messages.get(dialog.list));
  return { person: newcomer, location, vcard }[dialog]();
}

const frame = (title, content, testid) => html`
  <dialog @close=${close} aria-label=${title} data-testid=${testid} @click=${(event) => event.target.localName === "dialog" && close()}>
    <header><h2>${title}</h2><button class="round" aria-label="Close" @click=${close}>${icon("close")}</button></header>
    ${content}
  </dialog>
`;

function sheet(message) {
  if (!message?.list) return nothing;
  const choose = async (id) => {
    close();
    await trying(write(message.contact, { choice: { message: message.sid, id } }));
  };
  const items = message.list.items.map(
    (one) => html`<li><button @click=${() => choose(one.id)}><strong>${one.title}</strong><span>${one.description}</span></button></li>`,
  );
  return frame(message.list.button, html`<ul class="sheet">${items}</ul>`, "sheet");
}

const field = (name, label, value = "", more = {}) => html`
  <label>${label}<input name=${name} .value=${value} type=${more.type ?? "text"} step=${more.step ?? nothing} ?required=${more.required ?? false} placeholder=${more.placeholder ?? ""} autocomplete="off" /></label>
`;

const form = (title, fields, label, act) => {
  const submit = async (event) => {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(event.target));
    if (await trying(act(data))) close();
  };
  return frame(title, html`<form class="fields" @submit=${submit}>${fields}<button class="primary">${label}</button></form>`, "dialog");
};

const newcomer = () =>
  form(
    "New contact",
    html`${field("name", "Name", "", { required: true })}${field("phone", "Phone (empty: hides the number)", "", { placeholder: "+15551234567" })}`,
    "Add",
    async ({ name, phone }) => {
      const contact = await addContact(name, phone);
      open(contact.id);
      return contact;
    },
  );

const PLACES = [
  { label: "Kongens Nytorv", address: "1050 København", latitude: "55.6806", longitude: "12.5872" },
  { label: "Brandenburger Tor", address: "Pariser Platz, Berlin", latitude: "52.5163", longitude: "13.3777" },
  { label: "Table Mountain", address: "Cape Town", latitude: "-33.9628", longitude: "18.4098" },
  { label: "", address: "", latitude: "35.6586", longitude: "139.7454" },
];
const PEOPLE = [
  { name: "Bob", phone: "+15557654321", organisation: "", email: "" },
  { name: "Dr. Ada Example", phone: "+44 20 7946 0018", organisation: "Example Clinic", email: "ada@example.com" },
];

/** Buttons that fill a form in; `about` names each. */
const presets = (all, about, fill) => html`<div class="presets" aria-label="Examples">${all.map((one) => html`<button type="button" @click=${() => fill(one)}>${about(one)}</button>`)}</div>`;

const location = () => {
  const place = state.ui.place ?? PLACES[0];
  const typed = (event) => set({ place: { ...place, [event.target.name]: event.target.value } });
  const number = (name, label) => field(name, label, place[name], { type: "number", step: "any", required: true });
  return form(
    "Send a location",
    html`
      ${presets(PLACES, (one) => one.label || "Without a name", (one) => set({ place: one }))}
      <div class="pair" @input=${typed}>${map({ latitude: clamp(place.latitude, 90), longitude: clamp(place.longitude, 180) })}${field("label", "Name", place.label)}${field("address", "Address", place.address)}${number("latitude", "Latitude")}${number("longitude", "Longitude")}</div>
    `,
    "Send",
    async (given) => {
      const sent = await write(state.ui.contact, { location: given });
      set({ place: null });
      return sent;
    },
  );
};

const clamp = (text, most) => Math.max(-most, Math.min(most, Number(text) || 0));

const vcard = () => {
  const person = state.ui.person ?? PEOPLE[0];
  return form(
    "Send a contact",
    html`
      ${presets(PEOPLE, (one) => one.name, (one) => set({ person: one }))}
      ${field("name", "Name", person.name, { required: true })}${field("phone", "Phone", person.phone, { required: true })}${field("organisation", "Company", person.organisation)}${field("email", "E-mail", person.email)}
    `,
    "Send",
    (card) => write(state.ui.contact, { vcard: card }),
  );
};
