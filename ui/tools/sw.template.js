// The shell of the web application without a network. Answers of the API are never kept here: what is shown as the
// state of the city must come from the city.
const CACHE = `zhili-${"BUILD"}`
const SHELL = ["SHELL"]

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name.startsWith('zhili-') && name !== CACHE).map((name) => caches.delete(name)))
  event.waitUntil(caches.keys().then(drop).then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  // A page: the newest from the server, or the kept shell when there is no network.
  if (request.mode === 'navigate') {
    if (/^\/(api|open311|tiles|photos|health|metrics)(\/|$)/.test(url.pathname)) return
    event.respondWith(fetch(request).catch(() => caches.match('/')))
    return
  }
  // A file of this build has its hash in its name: the kept one is the right one.
  if (SHELL.includes(url.pathname)) event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)))
})
