// The line between a browser and the server, which a test can cut: a plain TCP forwarder on a port of its own.
import { createServer, connect } from 'node:net'
import { URL_BASE } from './browser.mjs'

/** `up`: everything passes. `down`: nobody answers. `deaf`: what is sent arrives, what comes back is lost. */
export async function openLink() {
  const { hostname, port } = new URL(URL_BASE)
  const open = new Set()
  let state = 'up'
  const server = createServer((near) => {
    if (state === 'down') { near.destroy(); return }
    const far = connect(Number(port || 80), hostname)
    const cut = () => { near.destroy(); far.destroy(); open.delete(cut) }
    open.add(cut)
    for (const end of [near, far]) end.on('error', cut).on('close', cut)
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => (state === 'up' ? near.write(bytes) : cut()))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    set(next) { state = next; if (next !== 'up') for (const cut of [...open]) cut() },
    close() { for (const cut of [...open]) cut(); server.close() },
  }
}
