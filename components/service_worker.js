// Keeps the program's own files, which never change under their names; nothing of anybody's
// conversation. Without a connection it says so instead of the browser's page.
const KEPT = "niannian-files-1";
const OFFLINE = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>念念</title><body style="font-family:system-ui;margin:20vh auto;max-width:22rem;padding:1rem;color-scheme:light dark">
<p>连不上念念的服务器。请检查它是否在运行，然后再试。</p>
<p>Niannian's server can't be reached. Check that it is running, then try again.</p>
<button onclick="location.reload()" style="font:inherit;padding:.5rem 1rem">再试 · Try again</button>`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function file(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return new Response(OFFLINE, { headers: { "content-type": "text/html; charset=utf-8" } });
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const named = /\/static\/(js|css|media)\/[^/]+\.[\w-]{8,}\.\w+$/;
  if (named.test(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
