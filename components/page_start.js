// Runs before Streamlit does (see page_head.py).
(() => {
  const base = new URL("./", document.currentScript.src);
  // Streamlit would try each page's own address for the server's first.
  window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: base.href.replace(/\/$/, "") };

  // A page that says in its address who is there hasn't become another one.
  const WHO = ["user", "persona", "session"];
  const push = history.pushState.bind(history);
  const rest = (query) => [...query].filter(([name]) => !WHO.includes(name)).join("&");
  history.pushState = (state, title, url) => {
    const next = new URL(url ?? location.href, location.href);
    const [before, after] = [new URLSearchParams(location.search), next.searchParams];
    const another = (name) => before.has(name) && after.has(name) && before.get(name) !== after.get(name);
    const same = next.pathname === location.pathname && rest(before) === rest(after);
    if (same && !WHO.some(another)) history.replaceState(state, title, url);
    else push(state, title, url);
  };

  if (navigator.serviceWorker && window.isSecureContext)
    window.addEventListener("load", () =>
      setTimeout(
        () => navigator.serviceWorker.register(new URL("service-worker.js", base)).catch(() => {}),
        3000,
      ),
    );
})();
