// The service under test, asked over HTTP. Knows addresses and statuses, nothing of entities.
import assert from 'node:assert/strict'

/** url: of the service root, without a slash at the end. key: sent on writing, as `Authorization: Bearer`. */
export const service = { url: '', key: '', mqtt: '' }

const PATIENCE_MS = 60000
const PAGES_MAX = 2000
const WRITES = ['POST', 'PATCH', 'PUT', 'DELETE']

export const query = (options = {}) => {
  const parts = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return parts.length ? `?${parts.join('&')}` : ''
}

/** An absolute address: of a path below the service root, or of a link that the service gave. */
export const address = (path) => new URL(path, `${service.url}/`).href

function readable(url) {
  try { return decodeURIComponent(url) } catch { return url }
}

/** Any request. `body` is sent as JSON unless it is a string already. A failure of the service itself is a failure of every test. */
export async function ask(method, path, { options, body, type = 'application/json', headers = {} } = {}) {
  const url = address(path + query(options))
  const sent = { method, headers: { Accept: 'application/json, text/plain;q=0.9, */*;q=0.1', ...headers }, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) }
  if (WRITES.includes(method) && service.key) sent.headers.Authorization ??= `Bearer ${service.key}`
  if (body !== undefined) {
    sent.body = typeof body === 'string' ? body : JSON.stringify(body)
    sent.headers['Content-Type'] ??= type
  }
  const answer = await fetch(url, sent)
  const text = await answer.text()
  let json
  try { json = JSON.parse(text) } catch { json = undefined }
  const said = { status: answer.status, headers: answer.headers, text, json, what: `${method} ${readable(url)} → ${answer.status} ${text.slice(0, 400)}` }
  if (said.status >= 500 && said.status !== 501) assert.fail(said.what)
  return said
}

export const get = (path, options, more) => ask('GET', path, { options, ...more })
export const post = (path, body, more) => ask('POST', path, { body, ...more })
export const patch = (path, body, more) => ask('PATCH', path, { body, ...more })
export const put = (path, body, more) => ask('PUT', path, { body, ...more })
export const remove = (path) => ask('DELETE', path)

/** The JSON of a path that must be there. */
export async function read(path, options) {
  const said = await get(path, options)
  assert.equal(said.status, 200, said.what)
  assert.ok(said.json !== null && typeof said.json === 'object', `JSON is wanted: ${said.what}`)
  assert.match(said.headers.get('content-type') ?? '', /json/, said.what)
  return said.json
}

/** The entities of a collection: of all its pages. */
export async function list(path, options) {
  const found = []
  for await (const page of pages(path, options)) found.push(...page.value)
  return found
}

/** The pages of a collection, by the links that the service gives. */
export async function* pages(path, options) {
  let page = await read(path, options)
  for (let i = 0; ; ++i) {
    assert.ok(Array.isArray(page.value), `${path}: "value" must be a list`)
    yield page
    const next = page['@iot.nextLink']
    if (next === undefined) return
    assert.ok(i < PAGES_MAX, `${path}: the links never end`)
    assert.equal(typeof next, 'string')
    page = await read(next)
  }
}

/** Refused with one of these statuses. */
export async function refused(said, ...statuses) {
  const answer = await said
  assert.ok((statuses.length ? statuses : [400]).includes(answer.status), `${(statuses.length ? statuses : [400]).join(' or ')} is wanted: ${answer.what}`)
  return answer
}

/** Done, with a status of success. */
export async function done(said, ...statuses) {
  const answer = await said
  const wanted = statuses.length ? statuses : [200, 204]
  assert.ok(wanted.includes(answer.status), `${wanted.join(' or ')} is wanted: ${answer.what}`)
  return answer
}

export const gone = (path) => refused(get(path), 404, 410)

/** How an id stands in a path and in a filter: numbers bare, texts quoted. */
export const literal = (id) => (typeof id === 'number' ? String(id) : `'${String(id).replaceAll("'", "''")}'`)
export const at = (set, id, ...more) => [`${set}(${literal(id)})`, ...more].join('/')

/** The id at the end of a self link. */
export function idOf(link) {
  const [, quoted, bare] = /\((?:'(.*)'|([^()']+))\)$/.exec(decodeURIComponent(link ?? '')) ?? assert.fail(`no link to an entity: ${link}`)
  return quoted !== undefined ? quoted.replaceAll("''", "'") : /^-?\d+$/.test(bare) ? Number(bare) : bare
}
