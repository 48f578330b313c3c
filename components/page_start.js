// Runs before Streamlit does (see page_head.py).
(() => {
  const base = new URL("./", document.currentScript.src);
  // Streamlit would try each page's own address for the server's first.
  window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: base.href.replace(/\/$/, "") };

  // A page that adds who is there to its address hasn't become another one.
  const WHO = ["user", "persona", "session"];
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const next = new URL(url ?? location.href, location.href);
    const before = new URLSearchParams(location.search);
    const kept = [...before].every(([name, value]) => next.searchParams.getAll(name).includes(value));
    const added = [...next.searchParams.keys()].filter((name) => !before.has(name));
    const same = next.pathname === location.pathname && kept;
    if (same && added.every((name) => WHO.includes(name))) history.replaceState(state, title, url);
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
