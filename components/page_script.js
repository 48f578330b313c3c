// What a browser alone can do (see page_script.py). Mounted again with new data at every run;
// listeners are set once.
const PHONE = "(max-width: 768px)";
const one = (selector) => document.querySelector(selector);
// Streamlit scrolls another element where there is an input at the bottom.
const main = () =>
  one('[data-testid="stAppScrollToBottomContainer"]') ?? one('[data-testid="stMain"]');

function state() {
  window.niannian ??= { follow: true };
  return window.niannian;
}

function typing(target) {
  return target?.closest?.("input, textarea, select, [contenteditable='true'], [role='dialog']");
}

function press(selector) {
  const found = [...document.querySelectorAll(selector)].filter((each) => each.offsetParent);
  found.at(-1)?.click();
  return found.length > 0;
}

function openSidebar() {
  if (!one('[data-testid="stSidebar"][data-collapsed="false"]'))
    one('[data-testid="stExpandSidebarButton"]')?.click();
}

function closeSidebar() {
  if (!window.matchMedia(PHONE).matches) return;
  if (one('[data-testid="stSidebar"][data-collapsed="false"]'))
    one('[data-testid="stSidebarCollapseButton"] button')?.click();
}

// Saving a file takes the focus out of what is open, which then hears no Escape any more.
function closeLost(target) {
  if (target !== document.body) return false;
  const close = state().words?.["Close"] ?? "Close";
  const open = one('[data-testid="stPopoverButton"][aria-expanded="true"]');
  const button = open ?? one(`[role="dialog"] button[aria-label="${CSS.escape(close)}"]`);
  button?.click();
  return Boolean(button);
}

// What is chosen in a pop-up may open a dialog, which the pop-up would lie over.
function closePopups() {
  const dialog = one('[data-testid="stDialog"]');
  for (const open of document.querySelectorAll('[data-testid="stPopoverButton"][aria-expanded="true"]'))
    if (dialog && !dialog.contains(open)) open.click();
}

function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "Escape" && closeLost(event.target)) return;
  if (event.key === "Tab" && !event.altKey && !event.ctrlKey && !event.metaKey) return onTab(event);
  if (event.key === "Escape" && !one('[role="dialog"]')) {
    if (press(".st-key-stop_reply button")) event.preventDefault();
    return;
  }
  if (event.ctrlKey && event.shiftKey && event.code === "KeyO") {
    if (press(".st-key-new_session button")) event.preventDefault();
    return;
  }
  if (event.ctrlKey && event.shiftKey && event.code === "KeyL") {
    if (press('[class*="st-key-again_"] button')) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/" && one(".st-key-session_query")) {
    event.preventDefault();
    openSidebar();
    setTimeout(() => one(".st-key-session_query input")?.focus(), 50);
  } else if (event.key === "?" && one(".st-key-shortcuts")) {
    event.preventDefault();
    openSidebar();
    setTimeout(() => {
      one(".st-key-shortcuts button")?.focus();
      press(".st-key-shortcuts button");
    }, 50);
  }
}

function atEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function toEnd(behavior) {
  const box = main();
  state().follow = true;
  box?.scrollTo({ top: box.scrollHeight, behavior });
}

// The first visit is read from its greeting on; Streamlit would begin at the end of it.
function beginAtTop(box) {
  const known = state();
  const first = Boolean(one(".st-key-first_visit"));
  if (first && !known.greeted) {
    for (const later of [0, 150, 300, 600, 900])
      setTimeout(() => { if (one(".st-key-first_visit")) box.scrollTop = 0; }, later);
  } else if (known.greeted && !first) known.follow = true;
  known.greeted = first;
}

// The conversation is followed down unless somebody scrolled up, or came for one message.
function watchEnd(label) {
  const box = main();
  const content = one('[data-testid="stMainBlockContainer"]');
  if (!box || !content || box.niannianWatched === content) return;
  box.niannianWatched = content;
  const button = one("#niannian-to-end") ?? document.createElement("button");
  button.id = "niannian-to-end";
  button.type = "button";
  button.textContent = "↓";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.onclick = () => toEnd("smooth");
  one('[data-testid="stApp"]').append(button);
  const show = () => {
    button.hidden = !one(".st-key-chat") || atEnd(box);
  };
  let height = 0;
  box.addEventListener("scroll", () => {
    // What grew isn't what somebody scrolled.
    if (box.scrollHeight === height) state().follow = atEnd(box);
    height = box.scrollHeight;
    show();
  }, { passive: true });
  new ResizeObserver(() => {
    // The first chat after the welcome page scrolls in another element than the welcome did.
    if (main() !== box) return watchEnd(label);
    beginAtTop(box);
    const read = one(".st-key-found_message, .st-key-first_visit");
    if (state().follow && one(".st-key-chat") && !read)
      box.scrollTop = box.scrollHeight;
    height = box.scrollHeight;
    show();
  }).observe(content);
  show();
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https there is no clipboard for scripts, but the old command.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

// Plotly draws the picture itself: its own button is pressed, on paper instead of on nothing.
function picture(button) {
  const { chart, format } = button.dataset;
  const plot = one(`.st-key-plot_${CSS.escape(chart)} .js-plotly-plot`);
  const press = plot?.querySelector(".modebar-btn");
  if (!press) return;
  const before = plot.layout.paper_bgcolor;
  plot._context.toImageButtonOptions = { format, filename: `niannian-${chart}`, scale: 2 };
  plot.layout.paper_bgcolor = getComputedStyle(one('[data-testid="stApp"]')).backgroundColor;
  press.click();
  setTimeout(() => { plot.layout.paper_bgcolor = before; }, 1000);
}

function say(text) {
  let region = one("#niannian-live");
  if (!region) {
    region = document.createElement("div");
    region.id = "niannian-live";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}

// Streamlit keeps light or dark in the browser, under the address a tab was opened at, and
// reads it while it starts.
function wear(theme, pages) {
  const base = location.pathname.replace(/[^/]*$/, "");
  const kept = { light: '"Light"', dark: '"Dark"' }[theme] ?? null;
  let changed = false;
  try {
    for (const page of ["", ...pages]) {
      const key = `stActiveTheme-${base}${page}-v2`;
      if ((localStorage.getItem(key) ?? '"System"') === (kept ?? '"System"')) continue;
      if (kept) localStorage.setItem(key, kept);
      else localStorage.removeItem(key);
      changed = true;
    }
    // Where nothing can be kept, or something else decides, not again and again.
    const last = Number(sessionStorage.getItem("niannianTheme") ?? 0);
    if (!changed || Date.now() - last < 3000) return;
    sessionStorage.setItem("niannianTheme", String(Date.now()));
  } catch {
    return;
  }
  location.reload();
}

// Only where a table or a map is in the way, and once it is drawn: the answer costs a run of
// the page.
const WIDE =
  '[data-testid="stDataFrame"], .st-key-memory_cards, .st-key-chart_people, ' +
  '[class*="st-key-row_cards_"]';
function measure(narrow, setStateValue, tries = 10) {
  const found = window.matchMedia("(max-width: 640px)").matches;
  if (found === narrow) return;
  if (one(WIDE)) setStateValue("narrow", found);
  else if (tries)
    state().measuring = setTimeout(() => measure(narrow, setStateValue, tries - 1), 500);
}

// Streamlit says some words in English only, and opens lists outside of every landmark. What
// people wrote is never touched.
const WRITTEN =
  '[data-testid="stMarkdownContainer"], [data-testid="stText"], [data-testid="stCode"], ' +
  "textarea, [contenteditable], script, style";

function worded(text, words) {
  const said = text.trim();
  if (words[said]) return words[said];
  for (const [before, after, told] of state().templates ?? [])
    if (said.startsWith(before) && said.endsWith(after) && said.length > before.length + after.length)
      return told.replace("{name}", () => said.slice(before.length, said.length - after.length));
  return null;
}

function translate(root, words) {
  // A place to drop files on has a name and buttons, so it is no mere decoration.
  for (const place of root.querySelectorAll('[data-testid="stFileUploaderDropzone"]'))
    place.setAttribute("role", "group");
  for (const name of ["aria-label", "title", "placeholder"])
    for (const each of [root, ...root.querySelectorAll(`[${name}]`)]) {
      const found = each.hasAttribute(name) && worded(each.getAttribute(name), words);
      if (found) each.setAttribute(name, found);
    }
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const found = text.data.length < 60 && worded(text.data, words);
    if (found && !text.parentElement.closest(`${WRITTEN}, [data-key]:not([data-key="__select_all__"])`))
      text.data = found;
  }
}

function placePopups(label) {
  const lists = '[role="listbox"], [role="menu"], [data-testid="stPopoverBody"], [role="tooltip"]';
  for (const list of document.querySelectorAll(lists)) {
    let box = list;
    while (box.parentElement && box.parentElement !== document.body) box = box.parentElement;
    if (box.contains(one('[data-testid="stApp"]')) || box.hasAttribute("role")) continue;
    box.setAttribute("role", "region");
    // Each landmark of a page has a name of its own.
    const others = document.querySelectorAll("body > [role='region']").length - 1;
    box.setAttribute("aria-label", others ? `${label} ${others + 1}` : label);
  }
}

function mend(data) {
  const known = state();
  known.words = data.words;
  // "Help for {name}": what stands around the name.
  known.templates = Object.entries(data.words)
    .filter(([english]) => english.includes("{name}"))
    .map(([english, told]) => [...english.split("{name}"), told]);
  known.popup = data.popup;
  if (known.mending) return;
  const look = (changes) => {
    clearTimeout(known.naming);
    known.naming = setTimeout(nameApart, 500);
    for (const change of changes) {
      if (change.type === "attributes") {
        const found = worded(change.target.getAttribute(change.attributeName) ?? "", known.words);
        if (found) change.target.setAttribute(change.attributeName, found);
      }
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.TEXT_NODE && node.parentElement) translate(node.parentElement, known.words);
        else if (node.nodeType === Node.ELEMENT_NODE) translate(node, known.words);
      }
      for (const node of change.removedNodes) keepPlace(node);
      if (change.addedNodes.length && !change.target.closest?.('[data-testid="stApp"]'))
        setTimeout(() => {
          placePopups(known.popup);
          closePopups();
        }, 60);
    }
  };
  known.mending = new MutationObserver(look);
  known.mending.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-label", "title", "placeholder"],
  });
  translate(document.body, known.words);
}

export default function ({ data: [data], setStateValue }) {
  const known = state();
  document.documentElement.lang = data.language === "zh" ? "zh-CN" : data.language;
  mend(data);
  wear(data.theme, data.pages);
  if (!known.listening) {
    known.listening = true;
    document.addEventListener("keydown", onKey, true);
    keepFocus();
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.closest?.('[data-testid="stChatInput"]'))
        known.follow = true;
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest?.('[data-testid="stSidebarNavLink"]')) setTimeout(closeSidebar, 100);
      const button = event.target.closest?.(".pictures button");
      if (button) picture(button);
    });
    say("");
    // Left open on a phone, it would cover whatever was opened; but whoever has just opened it
    // on this page keeps it.
    setTimeout(() => { if (!navigator.userActivation?.hasBeenActive) closeSidebar(); }, 300);
  }
  clearTimeout(known.measuring);
  known.measuring = setTimeout(() => measure(data.narrow, setStateValue), 500);
  watchEnd(data.toEnd);
  if (data.putAway && data.putAway !== known.putAway) closeSidebar();
  known.putAway = data.putAway;
  if (data.focus && data.focus.number !== known.focus) {
    known.focus = data.focus.number;
    goOnAt(placesOf(data.focus.said));
  }
  if (data.refuge && data.refuge.number !== known.refuge) {
    known.refuge = data.refuge.number;
    takeRefuge(placesOf(data.refuge.said));
  }
  if (data.copy && data.copy.number !== known.copied) {
    known.copied = data.copy.number;
    copy(data.copy.said);
  }
  if (data.spoken && data.spoken.number !== known.spoken) {
    known.spoken = data.spoken.number;
    say(data.spoken.said);
  }
}
