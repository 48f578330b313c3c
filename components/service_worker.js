// Keeps the program's own files, which never change under their names; nothing of anybody's
// conversation. Visits are left to the browser: fetched from here, one that another site leads
// to (a sign-in that comes back) no longer says that it is a visit, and is refused.
const KEPT = "niannian-files-1";

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

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const named = /\/static\/(js|css|media)\/[^/]+\.[\w-]{8,}\.\w+$/;
  if (named.test(url.pathname)) event.respondWith(file(request));
});
