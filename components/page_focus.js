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
    else if (!target.closest(`${MENU}, ${DIALOG}`)) known.opener = { target, again: drawnAnew(target) };
  });
}

// Where a widget with a key will be; a part of the page with many widgets says nothing.
function drawnAnew(element) {
  const place = element.closest('[class*="st-key-"]');
  if (!place?.matches('[data-testid="stElementContainer"]')) return null;
  const key = [...place.classList].find((name) => name.startsWith("st-key-"));
  const kind = element.closest("canvas") ? "canvas" : element.tagName.toLowerCase();
  return `.${CSS.escape(key)} ${kind}`;
}

// Opened by the keyboard it shows its first line as chosen, but Enter goes to the menu itself.
function enterMenu(tries = 10) {
  const menu = document.activeElement;
  if (!menu?.matches(MENU)) return;
  const first = menu.querySelector('[role="menuitem"][data-focused]');
  if (first) first.focus();
  else if (tries) setTimeout(() => enterMenu(tries - 1), 50);
}

// What had the focus may be drawn anew by its run; of a dialog opened from a menu nobody else
// knows where it came from, as the line chosen is gone.
function keepPlace(removed) {
  const { opener, byKeys } = state();
  if (!byKeys || !opener || removed.nodeType !== Node.ELEMENT_NODE) return;
  const dialog = removed.matches(DIALOG) || removed.querySelector(DIALOG);
  if (dialog || !opener.target.isConnected) setTimeout(backToOpener, 150);
}

function backToOpener() {
  const { opener, byKeys, otherwise = [] } = state();
  if (!byKeys || one(DIALOG) || document.activeElement !== document.body) return;
  if (opener.target.isConnected) opener.target.focus();
  else goOnAt(opener.again ? [opener.again, ...otherwise] : otherwise, true);
}

// What a pop-up holds stands at the end of the document: Tab leads in, through, and back out.
function onTab(event) {
  const { target, shiftKey } = event;
  if (target.closest(MENU)) {
    event.preventDefault();
    target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    return;
  }
  const grid = target.closest('[data-testid="stDataFrame"] canvas');
  if (grid) {
    // Arrows lead through the cells.
    const way = shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
    const stops = stopsIn(document).filter(
      (each) => !grid.contains(each) && grid.compareDocumentPosition(each) & way,
    );
    event.preventDefault();
    event.stopPropagation();
    stops.at(shiftKey ? -1 : 0)?.focus();
    return;
  }
  const button = one('[data-testid="stPopoverButton"][aria-expanded="true"]');
  const popup = [...document.querySelectorAll('[data-testid="stPopoverBody"]')].find(IN_SIGHT);
  if (!button || !popup) return;
  const stops = stopsIn(popup);
  if (target === button && !shiftKey && stops.length) {
    event.preventDefault();
    (stops.find((each) => each.checked && stopOf(each) === stopOf(stops[0])) ?? stops[0]).focus();
  } else if (stops.includes(target) && stopOf(target) === stopOf(stops.at(shiftKey ? 0 : -1))) {
    event.preventDefault();
    button.focus();
    if (!shiftKey) button.click();
  }
}

function stopsIn(place) {
  const all = [...place.querySelectorAll(`a[href], ${ENABLED}, [tabindex="0"]`)];
  return all.filter((each) => IN_SIGHT(each) && each.tabIndex >= 0);
}

// The choices of one group are one stop: arrows lead through them.
function stopOf(element) {
  return element.closest('[role="radiogroup"], [data-testid="stButtonGroup"]') ?? element;
}

function placesOf(keys) {
  return keys.map((key) => `.st-key-${CSS.escape(key)} ${ENABLED}`);
}

// Where to go for the next seconds if what has the focus vanishes for good.
function takeRefuge(places) {
  const known = state();
  known.otherwise = places;
  setTimeout(() => { if (known.otherwise === places) known.otherwise = []; }, 5000);
  if (known.byKeys && document.activeElement === document.body) goOnAt(places, true);
}

// The run that has just begun draws the widget, or draws it anew. ``gently``: only while nothing
// else has the focus, and nothing else is being waited for.
function goOnAt(places, gently = false, tries = 10) {
  const known = state();
  if (gently && known.certain) return;
  known.certain = !gently;
  clearTimeout(known.goingOn);
  known.goingOn = setTimeout(() => {
    const now = document.activeElement;
    known.certain = false;
    if (gently && now !== document.body) return;
    const found = places.flatMap((place) => [...document.querySelectorAll(place)]).find(IN_SIGHT);
    if (!found) {
      if (tries) goOnAt(places, gently, tries - 1);
      return;
    }
    const field = found.matches("textarea");
    // Whoever writes meanwhile goes on writing.
    if (!field && typing(now)) return;
    found.focus();
    if (field) found.setSelectionRange(found.value.length, found.value.length);
  }, 300);
}
