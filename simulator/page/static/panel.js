// Under the bonnet: what happened to a message, and what can be broken.
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { addError, breakIt, clearChats, disarm, toast, trying } from "./api.js";
import { summary } from "./contacts.js";
import { icon } from "./icons.js";
import { set, state, told } from "./state.js";
import { offset } from "./times.js";

const ACTORS = { webhook: "Webhook", queue: "Queue", turn: "Turn", assistant: "Assistant", twilio: "Twilio", media: "Media", status: "Status", worker: "Process", phone: "Phone" };

export function panelView() {
  return html`
    <aside class="panel" aria-label="Under the bonnet" data-testid="panel">
      <header class="bar">
        <button class="round overlay" aria-label="Back to the chat" @click=${() => set({ screen: "chat" })}>${icon("arrow")}</button>
        <div class="title"><h2>Under the bonnet</h2></div>
        <button class="jump" @click=${toBench}>Break things</button>
      </header>
      <div class="scroll">${story()} ${bench()}</div>
    </aside>
  `;
}

function toBench() {
  document.getElementById("bench").scrollIntoView({ behavior: "smooth" });
  document.querySelector("#bench button")?.focus({ preventScroll: true });
}

function story() {
  const message = told();
  if (!message) return html`<section><h3>What happened</h3><p class="hint">Write a message, and see every step of its way here.</p></section>`;
  const steps = [...(state.traces.get(message.trace) ?? [])].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const root = state.messages.get(message.trace) ?? message;
  const started = Date.parse(root.at);
  return html`
    <section aria-label="What happened">
      <h3>What happened to “${summary(root).slice(0, 40)}”</h3>
      <ol class="steps">${steps.map((step) => entry(step, started))}</ol>
      ${steps.length ? nothing : html`<p class="hint">Nothing yet.</p>`}
      <dl>
        <dt>Chosen</dt><dd>${message.direction === "in" ? "inbound" : "outbound"}, ${message.status}${message.error_code ? ` (${message.error_code})` : ""}</dd>
        <dt>SID</dt><dd><code>${message.sid}</code></dd>
        <dt>Trace</dt><dd><code>whatsapp-${message.trace}</code></dd>
      </dl>
    </section>
  `;
}

function entry(step, started) {
  const took = step.ms === null ? nothing : html`<span class="ms">${step.ms} ms</span>`;
  return html`
    <li class=${step.ok ? "" : "bad"} data-testid="step" data-actor=${step.actor}>
      <span class="actor ${step.actor}">${ACTORS[step.actor] ?? step.actor}</span>
      <span class="what">${step.title}${step.detail ? html`<small>${step.detail}</small>` : nothing}</span>
      <span class="at">${offset(Date.parse(step.at) - started)}${took}</span>
    </li>
  `;
}

function bench() {
  const scopes = [
    ["next", "Break the next message"],
    ["media", "Break the next picture or file"],
    ["contact", `Change ${state.contacts.get(state.ui.contact)?.name ?? "this contact"}`],
  ];
  return html`
    <section id="bench" aria-label="Fault bench">
      ${scopes.map(([scope, title]) => html`<h3>${title}</h3><div class="bench">${state.bench.filter((one) => one.scope === scope && fits(one)).map(tool)}</div>`)}
      <h3>Any error of Twilio’s</h3>
      <form class="errors" @submit=${sendError}>
        <select name="code" aria-label="Twilio’s error" data-testid="errors">
          ${state.errors.map((one) => html`<option value=${one.code}>${one.code} ${one.title}</option>`)}
        </select>
        <button class="primary">At the next message</button>
      </form>
      <div class="tools">
        <button data-testid="disarm" @click=${() => trying(disarm())}>Disarm all</button>
        <button data-testid="clear" @click=${() => trying(clearChats())}>Clear chats</button>
      </div>
    </section>
  `;
}

function fits({ when }) {
  const contact = state.contacts.get(state.ui.contact);
  return Object.entries(when).every(([name, value]) => contact?.[name] === value);
}

function tool(one) {
  const act = () => trying(breakIt(one.id, state.ui.contact));
  return html`
    <button data-testid="bench-${one.id}" ?disabled=${!one.available} title=${one.why_not || one.hint} class=${one.armed ? "armed" : ""} @click=${act}>
      <strong>${one.title}</strong><small>${one.why_not || one.hint}</small>
      ${one.armed ? html`<span class="count" aria-label="armed">${one.armed}</span>` : nothing}
    </button>
  `;
}

async function sendError(event) {
  event.preventDefault();
  const code = Number(new FormData(event.target).get("code"));
  const done = await trying(addError(code, state.ui.contact).then(() => true));
  if (done) toast(`The next message to this contact meets error ${code}.`);
}
