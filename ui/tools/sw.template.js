// The web application without a network: its files, and what somebody needs to write a report (the catalogue, the names
// of areas, the base map that was looked at). What is shown as the state of the city always comes from the city.
const CACHE = `zhili-${"BUILD"}`
const SHELL = ["SHELL"]
const KEPT = 'kept-answers'
const TILES = 'kept-tiles'
const TILES_MAX = 400
// An answer that was kept says when it came: the city's clock goes on from there.
const KEPT_AT = 'X-Kept-At'
const STEADY = ['/api/v1/items', '/api/v1/city', '/api/v1/areas', '/api/v1/departments']

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name.startsWith('zhili-') && name !== CACHE).map((name) => caches.delete(name)))
  event.waitUntil(caches.keys().then(drop).then(() => self.clients.claim()))
})

async function keep(store, key, answer) {
  const headers = new Headers(answer.headers)
  headers.set(KEPT_AT, String(Date.now()))
  const cache = await caches.open(store)
  await cache.put(key, new Response(await answer.blob(), { headers }))
  if (store !== TILES) return
  const keys = await cache.keys()
  await Promise.all(keys.slice(0, Math.max(0, keys.length - TILES_MAX)).map((old) => cache.delete(old)))
}

/** The newest from the server; what was kept when it cannot be reached. */
async function newestOrKept(event, store) {
  const key = new URL(event.request.url).pathname
  try {
    const answer = await fetch(event.request)
    if (answer.status === 200) event.waitUntil(keep(store, key, answer.clone()).catch(() => undefined))
    return answer
  } catch (cause) {
    const kept = await (await caches.open(store)).match(key)
    if (!kept) throw cause
    return kept
  }
}

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
  if (url.search === '' && STEADY.includes(url.pathname)) event.respondWith(newestOrKept(event, KEPT))
  else if (url.pathname.startsWith('/tiles/')) event.respondWith(newestOrKept(event, TILES))
  // A file of this build has its hash in its name: the kept one is the right one.
  else if (SHELL.includes(url.pathname)) event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)))
})
