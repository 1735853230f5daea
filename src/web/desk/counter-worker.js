// The counter's worker: without a connection it shows the page that says so. It keeps that page and its looks, and nothing else.
// SHELL and NAME are written above this by the server.
self.addEventListener("install", (event) => {
  const kept = caches.open(NAME).then((cache) => cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload", credentials: "omit" }))));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name))));
  event.waitUntil(others.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL[0], { ignoreVary: true })));
  } else if (request.method === "GET" && origin === self.origin && SHELL.includes(pathname + search)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});
