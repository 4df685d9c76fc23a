// What the page asks of the server. Every function throws an Error with a sentence for people.
import { set } from "./state.js";

async function ask(method, path, body) {
  const isForm = body instanceof FormData;
  const options = { method };
  if (body !== undefined) {
    options.body = isForm ? body : JSON.stringify(body);
    if (!isForm) options.headers = { "Content-Type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The server is not there. Is “make run” still running?");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const document = await answer.json().catch(() => ({}));
  throw new Error(document.error ?? `The server answered ${answer.status}.`);
}

/** Runs a request; a failure is shown, and null returned. */
export async function trying(request) {
  try {
    return await request;
  } catch (error) {
    toast(error.message);
    return null;
  }
}

let toastTimer;
export function toast(text) {
  clearTimeout(toastTimer);
  set({ toast: text });
  toastTimer = setTimeout(() => set({ toast: null }), 6000);
}

const chat = (contact) => `/simulator/chats/${encodeURIComponent(contact)}/messages`;

export const write = (contact, message) => ask("POST", chat(contact), message);

export function upload(contact, file, caption, replyTo) {
  const form = new FormData();
  form.set("file", file, file.name);
  if (caption) form.set("body", caption);
  if (replyTo) form.set("reply_to", replyTo);
  return ask("POST", chat(contact), form);
}

export const addContact = (name, phone) => ask("POST", "/simulator/contacts", { name, phone });
export const breakIt = (id, contact) => ask("POST", `/simulator/bench/${id}`, { contact });
export const disarm = () => ask("DELETE", "/simulator/bench");
export const addError = (code, contact) => ask("POST", "/simulator/errors", { code, contact });
export const clearChats = () => ask("DELETE", "/simulator/messages");
