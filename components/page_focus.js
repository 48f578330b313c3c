// Focus: where the keyboard goes on in menus and pop-ups, after dialogs, and when what was pressed
// is drawn anew. Streamlit would begin at the top of the page again.
const MENU = '[role="menu"]';
const DIALOG = '[role="dialog"]';
const ENABLED = ":is(textarea, input, button):enabled";
const IN_SIGHT = (each) => each.getClientRects().length > 0;

function keepFocus() {
  const known = state();
  document.addEventListener("keydown", () => { known.byKeys = true; }, true);
  document.addEventListener("pointerdown", () => { known.byKeys = false; }, true);
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(MENU)) enterMenu();
    else if (!target.closest(`${MENU}, ${DIALOG}`)) known.opener = { target, key: keyOf(target) };
  });
}

function keyOf(element) {
  const place = element.closest('[class*="st-key-"]');
  return [...(place?.classList ?? [])].find((name) => name.startsWith("st-key-"));
}

// Opened by the keyboard it shows its first line as chosen, but Enter goes to the menu itself.
function enterMenu(tries = 10) {
  const menu = document.activeElement;
  if (!menu?.matches(MENU)) return;
  const first = menu.querySelector('[role="menuitem"][data-focused]');
  if (first) first.focus();
  else if (tries) setTimeout(() => enterMenu(tries - 1), 50);
}

function holdsDialog(node) {
  return node.nodeType === Node.ELEMENT_NODE && (node.matches(DIALOG) || node.querySelector(DIALOG));
}

// Of a dialog opened from a menu nobody else knows where it came from: the line chosen is gone.
function backToOpener() {
  const { opener, byKeys } = state();
  if (!byKeys || !opener || one(DIALOG) || document.activeElement !== document.body) return;
  const again = opener.key && one(`.${CSS.escape(opener.key)} ${ENABLED}`);
  (opener.target.isConnected ? opener.target : again)?.focus();
}

// What a pop-up holds stands at the end of the document: Tab leads in, through, and back out.
function onTab(event) {
  const { target, shiftKey } = event;
  if (target.closest(MENU)) {
    event.preventDefault();
    target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    return;
  }
  const button = one('[data-testid="stPopoverButton"][aria-expanded="true"]');
  const popup = [...document.querySelectorAll('[data-testid="stPopoverBody"]')].find(IN_SIGHT);
  if (!button || !popup) return;
  const open = [...popup.querySelectorAll(`a[href], ${ENABLED}, [tabindex="0"]`)];
  const stops = open.filter((each) => IN_SIGHT(each) && each.tabIndex >= 0);
  if (target === button && !shiftKey && stops.length) {
    event.preventDefault();
    (stops.find((each) => each.checked && stopOf(each) === stopOf(stops[0])) ?? stops[0]).focus();
  } else if (stops.includes(target) && stopOf(target) === stopOf(stops.at(shiftKey ? 0 : -1))) {
    event.preventDefault();
    button.focus();
    if (!shiftKey) button.click();
  }
}

// The choices of one group are one stop: arrows lead through them.
function stopOf(element) {
  return element.closest('[role="radiogroup"], [data-testid="stButtonGroup"]') ?? element;
}

// The run that has just begun draws the widget, or draws it anew.
function goOnAt(keys, tries = 10) {
  clearTimeout(state().goingOn);
  state().goingOn = setTimeout(() => {
    const found = keys
      .map((key) => one(`.st-key-${CSS.escape(key)} ${ENABLED}`))
      .find((each) => each && IN_SIGHT(each));
    if (!found) {
      if (tries) goOnAt(keys, tries - 1);
      return;
    }
    const field = found.matches("textarea");
    // Whoever writes meanwhile goes on writing.
    if (!field && typing(document.activeElement)) return;
    found.focus();
    if (field) found.setSelectionRange(found.value.length, found.value.length);
  }, 300);
}
