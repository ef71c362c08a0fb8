// The MQTT endpoint of the service, through npm's mqtt. Without `--mqtt URL` the tests that need it are skipped.
import assert from 'node:assert/strict'
import { address, read, service } from './client.mjs'
import { eventually, Skipped } from './testing.mjs'

const CONNECT_MS = 10000
let library
const connections = []

/** The topics of the service begin with the version, the last part of its address. */
export const topic = (path) => `${new URL(service.url).pathname.split('/').pop()}/${path}`

/** A connection of its own; `mqtt://user:password@host:port` gives who it is. */
export async function connect() {
  if (!service.mqtt) throw new Skipped('no MQTT endpoint was given: --mqtt mqtt://HOST:PORT')
  try {
    library ??= (await import('mqtt')).default
  } catch {
    throw new Skipped("npm's mqtt is not installed: npm ci in tests/conformance")
  }
  const client = await library.connectAsync(service.mqtt, { protocolVersion: 4, clean: true, reconnectPeriod: 0, connectTimeout: CONNECT_MS, clientId: `conformance-${Math.random().toString(36).slice(2)}` })
  client.on('error', () => {})
  connections.push(client)
  return client
}

/** Sends a message; with QoS 1 (as here unless told) it is done when it was acknowledged. */
export async function publish(client, path, body, qos = 1) {
  assert.ok(client.connected, 'still connected')
  await client.publishAsync(topic(path), typeof body === 'string' ? body : JSON.stringify(body), { qos })
}

/** What comes on a topic, from now on. */
export async function listen(client, path, qos = 1) {
  const heard = []
  client.on('message', (name, payload) => {
    if (name === topic(path)) heard.push(JSON.parse(payload.toString()))
  })
  const [granted] = await client.subscribeAsync(topic(path), { qos })
  assert.ok(granted.qos <= 2, `the subscription of ${topic(path)} is granted`)
  return {
    heard,
    /** The first message that fits. */
    next: (fits = () => true, what = `a message on ${topic(path)}`) => eventually(() => heard.find(fits), what),
  }
}

const LINK = /@iot\.(selfLink|navigationLink)$/
const plain = (entity) => Object.fromEntries(Object.entries(entity).map(([name, value]) => [name, LINK.test(name) ? address(value) : value]))
/** A message is the entity as it is read. */
export async function isAsRead(message, path, options) {
  assert.deepEqual(plain(message), plain(await read(path, options)))
}

export async function close() {
  for (const client of connections.splice(0)) await client.endAsync(true).catch(() => {})
}
