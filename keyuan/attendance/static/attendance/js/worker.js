// The door's service worker: keeps the page and its parts, so that it opens without a network. Data is not its business:
// lists and records go past it, and live in the page's own store.
const CACHE = `keyuan-door-${[...JSON.stringify(self.KEPT)].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) >>> 0, 7)}`;
const SHELL = self.KEPT[0];
const PATIENCE = 4000;

async function keep(cache, address) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache" });
  // A sign-in page in place of the door is not the door.
  if (answer.ok && !answer.redirected) await cache.put(address, answer);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(self.KEPT.map((address) => keep(cache, address)))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("keyuan-door-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await cache.put(SHELL, answer.clone());
    return answer;
  } catch {
    return (await cache.match(SHELL)) ?? Response.error();
  }
}

async function part(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  fresh.catch(() => { /* no network: what is kept does */ });
  return kept;
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === SHELL) event.respondWith(page(event.request));
  else if (self.KEPT.includes(address.pathname)) event.respondWith(part(event.request));
});
