// Names for who hears the page (part of the page script): buttons that are called alike are told
// apart by the row that they stand in.
const ROWS =
  '[data-testid="stChatMessage"], [class*="st-key-finding_"], [class*="st-key-change_"], ' +
  '[class*="st-key-trace_"], [class*="st-key-plan_"], [class*="st-key-used_"], ' +
  '[class*="st-key-rated_"], [class*="st-key-row_"], [class*="st-key-card_"]';
const WORDS = 'p, [data-testid="stText"], .sentence';
const ICON = '[data-testid="stIconMaterial"], [role="img"]';
const PRESSED = "button, a, summary, [role='menu'], [data-testid='stCaptionContainer']";
const LONGEST_ROW = 40;

function ownName(button) {
  const set = button.getAttribute("aria-label");
  if (set && set !== button.dataset.niannianFull) return set;
  const words = [...button.querySelectorAll('[data-testid="stMarkdownContainer"]')];
  return words.map(written).join(" ").trim();
}

// Icons are written as letters that become a picture.
function written(element) {
  const copy = element.cloneNode(true);
  for (const icon of copy.querySelectorAll(ICON)) icon.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function rowWords(button) {
  for (let row = button.closest(ROWS); row; row = row.parentElement?.closest(ROWS)) {
    const found = [...row.querySelectorAll(WORDS)].filter(
      (each) => !each.closest(PRESSED) && each.textContent.trim(),
    );
    // Two sentences side by side: the one above the button.
    const above = found.filter(
      (each) =>
        each.matches(".sentence") &&
        each.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const sentences = above.length ? above.slice(-1) : found.filter((each) => !each.querySelector(ICON));
    const texts = (sentences.length ? sentences : found).map(written);
    const longest = texts.reduce((a, b) => (b.length > a.length ? b : a), "");
    if (longest) return longest.slice(0, LONGEST_ROW);
  }
  return "";
}

function nameApart() {
  const alike = new Map();
  const places = '[data-testid="stMain"], [role="dialog"]';
  for (const place of document.querySelectorAll(places))
    for (const each of place.querySelectorAll("button, a[href]")) {
      const name = each.offsetParent && ownName(each);
      if (name) alike.set(name, [...(alike.get(name) ?? []), each]);
    }
  for (const [name, buttons] of alike)
    for (const button of buttons) {
      const row = buttons.length > 1 ? rowWords(button) : "";
      const full = row ? `${name}: ${row}` : null;
      if (full === (button.dataset.niannianFull ?? null)) continue;
      if (full) {
        button.dataset.niannianFull = full;
        button.setAttribute("aria-label", full);
      } else {
        delete button.dataset.niannianFull;
        button.removeAttribute("aria-label");
      }
    }
}
