// The page: one template over one state.
import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { chatView, afterChat } from "./chat.js";
import { contactsView } from "./contacts.js";
import { dialogs } from "./dialogs.js";
import { panelView } from "./panel.js";
import { changed, gatewayState, onChange, set, state } from "./state.js";
import { keepingFocus } from "./stop.js";
import { follow } from "./stream.js";
import { applyTheme } from "./theme.js";

const root = document.getElementById("app");

function page() {
  const { ui } = state;
  return html`
    ${gatewayState() === "unknown" ? html`<div class="banner" role="status">Reconnecting … Is “make run” still running?</div>` : nothing}
    <div class="page" data-screen=${ui.screen}>
      ${contactsView()} ${chatView()} ${panelView()}
    </div>
    ${dialogs()}
    <div class="toast" role="alert" data-testid="toast" ?hidden=${!ui.toast}>${ui.toast}</div>
  `;
}

onChange(() => {
  keepingFocus(() => render(page(), root));
  afterChat();
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (state.ui.menu) set({ menu: null });
  else if (state.ui.replyTo) set({ replyTo: null });
  else if (state.ui.screen === "panel") set({ screen: "chat" });
});
addEventListener("click", (event) => {
  if (state.ui.menu && !event.target.closest(".menu, [aria-haspopup]")) set({ menu: null });
});
// "typing …" ends by itself when its time is over.
setInterval(() => state.typing.size && changed(), 1000);

applyTheme();
changed();
follow();
