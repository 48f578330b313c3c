// Reads a reply with the browser's own speech; one at a time, and again to stop. A reply that
// is on its way (data.follow) is read sentence by sentence as it comes. What is being said
// outlives a redrawing of the page: whichever button stands for the same reply takes over.
const synth = window.speechSynthesis;
const speaking = { id: null, count: 0, pending: 0, show: null, following: false };
const ADOPTED_WITHIN = 2000;

function finish() {
  speaking.show?.(false);
  Object.assign(speaking, { id: null, count: 0, pending: 0, show: null, following: false });
  synth.cancel();
}

function begin(id, show, following) {
  finish();
  Object.assign(speaking, { id, show, following });
}

// Say what hasn't been said yet of a reply's sentences.
function say(sentences, language) {
  const { id } = speaking;
  const ended = () => {
    if (speaking.id !== id) return;
    speaking.pending -= 1;
    if (!speaking.pending && !speaking.following) finish();
  };
  for (const sentence of sentences.slice(speaking.count)) {
    const words = new SpeechSynthesisUtterance(sentence);
    words.lang = language;
    words.onend = ended;
    // Ending one on purpose counts as an error, too.
    words.onerror = (event) => {
      if (!["interrupted", "canceled"].includes(event.error)) finish();
    };
    speaking.pending += 1;
    synth.speak(words);
  }
  speaking.count = Math.max(speaking.count, sentences.length);
}

function left(id) {
  setTimeout(() => {
    if (speaking.id === id && !speaking.show) finish();
  }, ADOPTED_WITHIN);
}

// The sentences so far stand in an unseen element beside the reply, a line each.
function follow({ id, follow: selector, language }) {
  const place = document.querySelector(selector);
  if (!synth || !place) return () => {};
  begin(id, null, true);
  const read = () => {
    if (speaking.id === id)
      say(place.textContent.split("\n").filter((line) => line.trim()), language);
  };
  const observer = new MutationObserver(read);
  observer.observe(place, { childList: true, characterData: true, subtree: true });
  read();
  return () => {
    observer.disconnect();
    left(id);
  };
}

export default function({ parentElement, data: [data] }) {
  if (data.follow) return follow(data);
  const button = parentElement.querySelector("button");
  const label = parentElement.querySelector(".label");
  const show = (on) => {
    button.setAttribute("aria-pressed", on ? "true" : "false");
    label.textContent = on ? data.stop : data.read;
    // Each reply has such a button: which it is, for who hears the page.
    button.setAttribute("aria-label", `${label.textContent}: ${data.sentences[0].slice(0, 40)}`);
  };
  button.title = synth ? data.help : data.none;
  button.disabled = !synth;
  show(false);
  if (synth && speaking.id === data.id) {
    Object.assign(speaking, { show, following: false });
    show(true);
    say(data.sentences, data.language);
    if (!speaking.pending) finish();
  }
  button.onclick = () => {
    if (speaking.id === data.id) {
      finish();
      return;
    }
    begin(data.id, show, false);
    show(true);
    say(data.sentences, data.language);
  };
  return () => {
    if (speaking.show !== show) return;
    speaking.show = null;
    left(data.id);
  };
}
