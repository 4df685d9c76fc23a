// Forms and lists that lie over the page, as native dialogs.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { addContact, trying, write } from "./api.js";
import { icon } from "./icons.js";
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
  return { person, location, vcard }[dialog]();
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

const person = () =>
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

const location = () =>
  form(
    "Send a location",
    html`${field("label", "Name", "Kongens Nytorv")}${field("address", "Address", "1050 København")}${field("latitude", "Latitude", "55.6806", { type: "number", step: "any", required: true })}${field("longitude", "Longitude", "12.5872", { type: "number", step: "any", required: true })}`,
    "Send",
    (place) => write(state.ui.contact, { location: place }),
  );

const vcard = () =>
  form(
    "Send a contact",
    html`${field("name", "Name", "Bob", { required: true })}${field("phone", "Phone", "+15557654321", { required: true })}`,
    "Send",
    (card) => write(state.ui.contact, { vcard: card }),
  );
