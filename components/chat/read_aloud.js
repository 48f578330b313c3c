// Reads a reply with the browser's own speech; one at a time, and again to stop.
const speaking = { stop: null };
export default function(component) {
  const { parentElement, data } = component;
  const button = parentElement.querySelector("button");
  const label = parentElement.querySelector(".label");
  const synth = window.speechSynthesis;
  const show = (on) => {
    button.setAttribute("aria-pressed", on ? "true" : "false");
    label.textContent = on ? data.stop : data.read;
  };
  let mine = false;
  const stop = () => {
    if (!mine) return;
    mine = false;
    speaking.stop = null;
    synth.cancel();
    show(false);
  };
  button.title = synth ? data.help : data.none;
  button.disabled = !synth;
  show(false);
  button.onclick = () => {
    if (mine) { stop(); return; }
    if (speaking.stop) speaking.stop();
    synth.cancel();
    mine = true;
    speaking.stop = stop;
    show(true);
    data.sentences.forEach((sentence, number) => {
      const words = new SpeechSynthesisUtterance(sentence);
      words.lang = data.language;
      if (number === data.sentences.length - 1) words.onend = stop;
      // Ending one on purpose counts as an error, too.
      words.onerror = (event) => {
        if (!["interrupted", "canceled"].includes(event.error)) stop();
      };
      synth.speak(words);
    });
  };
  return stop;
}
