// A server for working on the pages alone: the same answers as the real one, from a made-up city. Development only.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCity, random } from './mock/city.mjs'
import { departmentOf, departments, items } from './mock/items.mjs'
import { iso, makeCase, number, stateOf } from './mock/life.mjs'
import { cityTile } from './mock/mvt.mjs'

const PORT = Number(process.env.PORT ?? 8090)
const SPEED = Number(process.env.SPEED ?? 60)
const CASES = Number(process.env.CASES ?? 420)
const SPAN_MS = 4 * 86_400_000
const PAGE_MAX = 200
const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')

const started = Date.now()
const START = Date.parse('2026-11-21T09:20:00+08:00')
const now = () => START + (Date.now() - started) * SPEED
const city = makeCity()
const t = (zh, en) => ({ zh, en })

const gaps = random(99)
const cases = []
let nextAt = START - SPAN_MS
let nextId = 4001
function grow() {
  while (nextAt <= now()) {
    cases.push(makeCase(city, nextId, nextAt))
    nextId += 1
    nextAt += (SPAN_MS / CASES) * (0.2 + gaps() * 1.6)
  }
}
const signals = new Map()
const areaOf = (id) => city.areas.find((area) => area.id === id)

function brief(it, at) {
  const state = stateOf(it, at)
  const area = areaOf(it.grid.area)
  return {
    id: it.id, no: number(it), item: { code: it.item.code, name: it.item.name }, stage: state.stage === 'collected' ? 'registered' : state.stage,
    source: it.source, area: { id: area.id, name: area.name }, grid: it.grid.code, lat: it.lat, lon: it.lon, exact: it.released,
    opened_at: iso(it.at), due_at: state.clock?.due_at ?? null, closed_at: state.closed ? iso(state.closed) : null,
    department: state.done.some((one) => one.kind === 'case.dispatched') ? departmentOf(it.item) : null, clock: state.clock, origin: 0, released: it.released,
    words: it.released ? it.plan[0].sentence.zh : null, late: state.late, soon: state.soon,
  }
}

const under = (area, id) => { for (let one = area; one; one = areaOf(one.parent)) if (one.id === id) return true; return false }
function select(query) {
  const at = now()
  const want = (key) => query.get(key) || ''
  const box = want('bbox') ? want('bbox').split(',').map(Number) : null
  const day = want('dates') === 'closed' ? 'closed_at' : 'opened_at'
  return cases.map((it) => brief(it, at)).filter((one) => {
    const closed = one.closed_at !== null
    if (want('state') === 'open' && closed) return false
    if (want('state') === 'closed' && !closed) return false
    if (want('stage') && one.stage !== want('stage')) return false
    if (want('item') && one.item.code !== want('item')) return false
    if (want('department') && one.department?.code !== want('department')) return false
    if (want('area') && !under(areaOf(one.area.id), Number(want('area')))) return false
    if (want('overdue') && !one.late) return false
    if (want('soon') && !one.soon) return false
    if (want('from') && !(one[day] && one[day].slice(0, 10) >= want('from'))) return false
    if (want('to') && !(one[day] && one[day].slice(0, 10) <= want('to'))) return false
    if (box && !(one.lon >= box[0] && one.lat >= box[1] && one.lon <= box[2] && one.lat <= box[3])) return false
    return true
  }).reverse()
}

const STAGES = { registered: t('已立案', 'opened'), dispatched: t('已派遣', 'sent out'), handling: t('处理中', 'in work'), reported_back: t('已反馈', 'reported done'), verifying: t('核查中', 'being checked'), verified: t('核查通过', 'check passed'), suspended: t('挂账', 'suspended'), closed: t('已结案', 'closed'), evaluated: t('已评价', 'evaluated') }
function counts(query) {
  const list = select(query)
  const by = query.get('by')
  const groups = new Map()
  for (const one of list) {
    const [key, name] = by === 'item' ? [one.item.code, one.item.name] : by === 'area' ? [String(areaOf(one.area.id).parent), areaOf(areaOf(one.area.id).parent).name]
      : by === 'department' ? [one.department?.code ?? '', one.department?.name ?? t('还没派遣', 'not sent yet')] : [one.stage, STAGES[one.stage]]
    const group = groups.get(key) ?? { key, name, count: 0 }
    group.count += 1
    groups.set(key, group)
  }
  return { total: list.length, by: [...groups.values()].sort((a, b) => b.count - a.count) }
}

const entry = (it, one, index) => ({ seq: it.id * 100 + index, at: iso(one.at), kind: one.kind, who: one.who, sentence: one.sentence, audience: one.audience, from_source: false })
function full(it) {
  const at = now(), state = stateOf(it, at), area = areaOf(it.grid.area), street = areaOf(area.parent)
  const department = departmentOf(it.item)
  return {
    ...brief(it, at), condition: it.condition.when, incident: { id: it.id + 9000, signals: 1 },
    signals: [{ no: `S-${it.id}`, state: 'registered', received_at: iso(it.at), words: it.released ? it.plan[0].sentence.zh : null, photos: [] }],
    clocks: state.clock ? [{ ...state.clock, spans: state.spans.map((s) => ({ from: iso(s.from), to: s.to ? iso(s.to) : null, kind: s.kind, reason: s.reason, by: s.by })) }] : [],
    story: state.done.map((one, i) => entry(it, one, i)),
    duty_chain: [{ what: t('地点', 'place'), value: t(`${street.name.zh} ${area.name.zh}`, `${area.name.en}, ${street.name.en}`) }, { what: t('责任网格', 'duty grid'), value: t(it.grid.code, it.grid.code) }, { what: t('职能', 'function'), value: it.condition.function.name }, { what: t('承办部门', 'department'), value: department.name }],
  }
}

function happening(query) {
  const at = now(), area = Number(query.get('area')) || 0, list = []
  for (const it of cases.slice(-250)) {
    if (area && !under(areaOf(it.grid.area), area)) continue
    stateOf(it, at).done.forEach((one, i) => { if (one.audience === 'public') list.push({ ...entry(it, one, i), case_no: number(it), item: { code: it.item.code, name: it.item.name }, stage: one.stage }) })
  }
  return list.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, 30)
}

function nowAnswer(query) {
  const area = query.get('area') ?? ''
  const open = select(new URLSearchParams({ state: 'open', area }))
  const today = iso(now()).slice(0, 10)
  const closed = select(new URLSearchParams({ state: 'closed', dates: 'closed', from: today, area }))
  return { at: iso(now()), in_hand: open.length, soon: open.filter((one) => one.soon).length, late: open.filter((one) => one.late).length, closed_today: closed.length, checking: 3, checking_late: 1, happening: happening(query) }
}

function receipt(signal) {
  const at = now(), age = at - signal.at
  const it = signal.case ?? (age > 4 * 60_000 ? (signal.case = { ...makeCase(city, nextId++, signal.at), ...signal.made }) : null)
  if (it && !cases.includes(it)) cases.push(it)
  const state = it ? stateOf(it, at) : null
  const when = (kind) => { const one = state?.done.find((step) => step.kind === kind); return one ? iso(one.at) : null }
  const note = departmentOf(signal.made.item).name
  return {
    no: signal.no, item: { code: signal.made.item.code, name: signal.made.item.name }, received_at: iso(signal.at), state: it ? 'registered' : 'collected', words: signal.words,
    steps: [{ name: t('收到', 'Received'), at: iso(signal.at), note: null }, { name: t('立案', 'Case opened'), at: when('case.registered'), note: null }, { name: t('派遣', 'Sent out'), at: when('case.dispatched'), note }, { name: t('处理', 'Work done'), at: when('case.reported_back'), note: null }, { name: t('核查', 'Checked'), at: when('case.verified'), note: null }, { name: t('结案', 'Closed'), at: when('case.closed'), note: null }],
    case_no: it ? number(it) : null, due_at: state?.clock?.due_at ?? null, story: state ? state.done.filter((one) => one.audience === 'public').map((one, i) => entry(it, one, i)) : [{ seq: 1, at: iso(signal.at), kind: 'signal.received', who: { role: 'citizen', name: t('您', 'You') }, sentence: t('您报了这件事', 'You reported this'), audience: 'public' }],
  }
}

/** Enough of multipart for development: the text fields, and how many photos came. */
function fieldsOf(request, body) {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1]
  if (!boundary) return JSON.parse(body.toString() || '{}')
  const fields = { photos: 0 }
  for (const part of body.toString('utf8').split(`--${boundary}`)) {
    const name = /name="([^"]+)"/.exec(part)?.[1]
    if (!name) continue
    if (/filename="/.test(part)) fields.photos += 1
    else fields[name] = part.slice(part.indexOf('\r\n\r\n') + 4, -2)
  }
  return fields
}

const problem = (status, code, field, zh, en) => ({ status, type: 'application/problem+json', body: JSON.stringify({ type: `about:${code}`, title: code, status, code, field, detail: t(zh, en) }) })
function take(request, body) {
  const fields = fieldsOf(request, body)
  const item = items.find((one) => one.code === fields.item)
  if (!item) return problem(422, 'invalid', 'item', '没有选事项。请选一类，拿不准就选最像的。', 'No kind is chosen. Please choose the one that fits best.')
  if (/^0{11}$/.test(fields.phone ?? '')) return problem(422, 'invalid', 'phone', '电话 00000000000 打不通。请改成能接到的号码，或留空。', 'Nobody can be reached at 00000000000. Please give a number that works, or leave it empty.')
  const lon = Number(fields.lon) || city.centre[0], lat = Number(fields.lat) || city.centre[1]
  const grid = city.grids.reduce((best, g) => { const d = (g.centre[0] - lon) ** 2 + (g.centre[1] - lat) ** 2; return d < best.d ? { g, d } : best }, { g: null, d: Infinity }).g
  const token = fields.token || randomBytes(16).toString('base64url')
  const known = signals.get(token)
  if (known) return { status: 200, body: JSON.stringify({ no: known.no, token, link: `/r/${token}` }) }
  const id = nextId++
  signals.set(token, { no: `LC-2611-${id}`, at: now(), words: fields.words ?? null, made: { item, condition: item.conditions[0], grid, source: 'citizen', lon: grid.centre[0], lat: grid.centre[1], released: false, plan: undefined } })
  return { status: 201, body: JSON.stringify({ no: `LC-2611-${id}`, token, link: `/r/${token}` }) }
}

const shown = (area) => ({ id: area.id, code: area.code, level: area.level, name: area.name, parent: area.parent, centre: area.centre })
function search(query) {
  const q = (query.get('q') ?? '').toLowerCase()
  if (!q) return items
  const score = (one) => [one.name.zh, one.name.en.toLowerCase(), ...one.words].reduce((sum, word) => sum + (q.includes(word) || word.includes(q) ? word.length : 0), 0)
  return items.map((one) => ({ one, s: score(one) })).filter((x) => x.s > 0).sort((a, b) => b.s - a.s).map((x) => x.one)
}

function page(query) {
  const list = select(query), from = Number(query.get('cursor') ?? 0), limit = Math.min(Number(query.get('limit') ?? 50), PAGE_MAX)
  return { cases: list.slice(from, from + limit), next: from + limit < list.length ? String(from + limit) : null }
}

const LEVELS = [{ code: 'district', name: t('区', 'District') }, { code: 'street', name: t('街道', 'Street') }, { code: 'community', name: t('社区', 'Community') }]
function answer(path, query) {
  if (path === '/api/v1/city') return { name: city.name, now: iso(now()), demo: { speed: SPEED }, centre: city.centre, bounds: city.bounds, levels: LEVELS, languages: ['zh-CN', 'en'] }
  if (path === '/api/v1/areas') return { areas: city.areas.map(shown) }
  if (path === '/api/v1/departments') return { departments: Object.values(departments).map(([code, name]) => ({ code, name })) }
  if (path === '/api/v1/items') return { items: search(query) }
  if (path === '/api/v1/now') return nowAnswer(query)
  if (path === '/api/v1/cases') return page(query)
  if (path === '/api/v1/counts') return counts(query)
  const no = /^\/api\/v1\/cases\/(.+)$/.exec(path)?.[1]
  if (no) { const it = cases.find((one) => number(one) === decodeURIComponent(no)); return it ? full(it) : null }
  const token = /^\/api\/v1\/signals\/(.+)$/.exec(path)?.[1]
  if (token) { const signal = signals.get(token); return signal ? receipt(signal) : null }
  return undefined
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json', '.json': 'application/json' }
// The same policy that the real server sends, so that a breach shows here first.
const POLICY = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
function file(path, response) {
  const asked = join(DIST, normalize(path))
  const found = asked.startsWith(DIST) && extname(asked) && existsSync(asked) ? asked : extname(path) ? null : join(DIST, 'index.html')
  if (!found || !existsSync(found)) { response.writeHead(404).end(); return }
  response.writeHead(200, { 'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream', 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' }).end(readFileSync(found))
}

const tiles = new Map()
function tile(path) {
  const [, z, x, y] = /^\/tiles\/(\d+)\/(\d+)\/(\d+)\.mvt$/.exec(path) ?? []
  if (z === undefined) return null
  if (!tiles.has(path)) tiles.set(path, cityTile(city, Number(z), Number(x), Number(y)))
  return tiles.get(path)
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://mock')
  grow()
  if (request.method === 'POST' && url.pathname === '/api/v1/signals') {
    const parts = []
    request.on('data', (part) => parts.push(part)).on('end', () => { const out = take(request, Buffer.concat(parts)); response.writeHead(out.status, { 'Content-Type': out.type ?? 'application/json' }).end(out.body) })
    return
  }
  if (url.pathname.startsWith('/tiles/')) { response.writeHead(200, { 'Content-Type': 'application/vnd.mapbox-vector-tile', 'Cache-Control': 'max-age=3600' }).end(tile(url.pathname)); return }
  if (!url.pathname.startsWith('/api/')) { file(url.pathname, response); return }
  const body = answer(url.pathname, url.searchParams)
  if (!body) { const out = problem(404, 'not_found', undefined, '没有这一页。', 'There is nothing here.'); response.writeHead(404, { 'Content-Type': out.type }).end(out.body); return }
  const text = JSON.stringify(body), etag = `"${createHash('sha1').update(text).digest('base64url')}"`
  if (request.headers['if-none-match'] === etag) { response.writeHead(304, { ETag: etag }).end(); return }
  response.writeHead(200, { 'Content-Type': 'application/json', ETag: etag }).end(text)
}).listen(PORT, '127.0.0.1', () => console.log(`mock at http://127.0.0.1:${PORT}`))
