// Answers about devices of a made-up city, so that every state of them is there at once.
import { ask } from './data.mjs'

const name = (zh, en) => ({ zh, en })
const GAUGE = { id: 'water-gauge', name: name('电子水尺', 'Water gauge') }
const GATE = { id: 'gate', name: name('道闸', 'Barrier gate') }
// As the server writes times: on the city's clock.
const ZONE_MS = 8 * 3_600_000
const ago = (at, minutes) => `${new Date(Date.parse(at) - minutes * 60_000 + ZONE_MS).toISOString().slice(0, 19)}+08:00`

export const TYPES = [
  { ...GAUGE, about: name('量下穿通道的积水', 'Measures water in underpasses'), private: false, pack: 'city', streams: [{ stream: 'level', kind: 'number' }], commands: [] },
  { ...GATE, about: name('通道的杆', 'The bar of a way'), private: false, pack: 'city', streams: [{ stream: 'raised', kind: 'bool' }], commands: [
    { id: 'raise', name: name('起杆', 'Raise'), about: name('消防、救护通行', 'For fire engines'), expires_s: 30, parameters: [{ id: 'minutes', name: name('分钟', 'Minutes'), kind: 'count', unit: 'min', range: [1, 120], required: true, choices: [] }] }] },
]
const panelStream = (type, stream, zh, en, unit, range) => ({ type: type.id, type_name: type.name, stream, property: stream, name: name(zh, en), unit, symbol: unit, kind: 'number', range, every_s: 60 })
const LEVEL = panelStream(GAUGE, 'level', '水位', 'Water level', 'cm', [0, 300])
const DASHBOARDS = [
  { id: 'flood-duty', name: name('防汛值班', 'Flood duty'), pack: 'urban-flood', functions: ['drainage'], mine: true, panels: [
    { show: 'map', title: name('水位与泵站', 'Water levels and pumps'), types: [GAUGE, GATE], streams: [], rules: [] },
    { show: 'alarms', title: name('内涝告警', 'Flood alarms'), types: [], streams: [], rules: ['ponding-deep', 'ponding-shallow', 'rain-heavy'] },
    { show: 'chart', title: name('路面水深', 'Water on roads'), types: [], streams: [LEVEL], rules: [] },
    { show: 'latest', title: name('现在的水深', 'Depth now'), types: [], streams: [LEVEL], rules: [] },
    { show: 'devices', title: name('离线与故障', 'Silent and at fault'), types: [GAUGE, GATE], streams: [], rules: [] }] },
  { id: 'parking-duty', name: name('停车值班', 'Parking on duty'), pack: 'traffic', functions: ['parking'], mine: false, panels: [
    { show: 'latest', title: name('停车场余位', 'Free spaces'), types: [], streams: [panelStream(GATE, 'free', '余位', 'Free spaces', '', null)], rules: [] },
    { show: 'alarms', title: name('停车告警', 'Parking alarms'), types: [], streams: [], rules: ['car-park-full'] }] },
]
const STATES = ['active', 'silent', 'fault', 'disabled', 'unclaimed']

/** Takes over all that is asked about devices. `sent` gathers what was changed; `empty`: nothing is registered. */
export async function withDevices(page, { empty = false, offline = false } = {}) {
  const city = await ask('/api/v1/city')
  const [lon, lat] = city.centre
  const now = city.now
  const device = (i) => ({
    id: String(i), name: `${i} 号下穿通道`, type: i % 2 ? GAUGE : GATE, serial: `WG-${String(i).padStart(4, '0')}`, thing: i, private: false,
    at: { lat: lat + Math.sin(i) * 0.02, lon: lon + Math.cos(i * 2) * 0.02, area: '310101', area_name: name('人民街道', 'Renmin Subdistrict'), place: '中山路 18 号', component: null },
    state: STATES[i <= 5 ? i - 1 : 0], last_seen: i === 5 ? null : ago(now, i * 3), battery: i % 3 ? 100 - i * 9 : null, signal_dbm: -80 - i, firmware: '1.4.2', alarm: i === 3 ? 'critical' : null,
  })
  const all = empty ? [] : Array.from({ length: 9 }, (_, i) => device(i + 1))
  const sent = []
  const asked = []
  let series = 0
  const json = (route, body, status = 200) => route.fulfill({ status, contentType: 'application/json', body: body === null ? '' : JSON.stringify(body) })
  const full = (one) => ({
    ...one, made_at: ago(now, 90_000), readable: true, said: [{ field: 'version', name: name('固件版本', 'Firmware'), value: '1.4.2' }, { field: 'produced', name: name('出厂日期', 'Date of production'), value: '2025-03' }],
    streams: [
      { id: 31, stream: 'level', property: 'water-level', name: name('水位', 'Water level'), unit: 'cm', symbol: 'cm', kind: 'number', range: [0, 300], every_s: 60, last: { at: ago(now, 1), value: 12.5, quality: one.state === 'fault' ? ['stuck'] : [] } },
      { id: 32, stream: 'pump', property: 'pump-running', name: name('水泵', 'Pump'), unit: '', symbol: '', kind: 'bool', range: null, every_s: null, last: { at: ago(now, 1), value: true, quality: [] } },
    ],
    credentials: [{ id: 5, kind: 'token', made_at: ago(now, 9000), expires_at: null, last_used_at: ago(now, 2), disabled_at: null }],
    commands: one.type.id === 'gate' ? [{ id: 8, command: 'raise', name: name('起杆', 'Raise'), parameters: { minutes: 5 }, by: 'administrator', state: 'acknowledged', made_at: ago(now, 50), expires_at: ago(now, 40), sent_at: ago(now, 50), done_at: ago(now, 49), result: '' }] : [],
    faults: one.state === 'fault' ? [{ code: 'stuck', stream: 'level', since: ago(now, 400), words: name('“水位”长时间一动不动，像是卡住了。请检查探头。', 'The water level has not moved for long. Check the probe.') }] : [],
  })

  const answer = async (route) => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/v1', '')
    asked.push(path + url.search)
    if (offline) return route.abort('internetdisconnected')
    if (request.method() !== 'GET') {
      sent.push({ method: request.method(), path, body: path.endsWith('/import') ? request.postData() : request.postDataJSON() })
      if (path === '/devices/claim' && request.postDataJSON().code === 'K7QF2M9XRT4D') return json(route, { code: 'device.claim.unknown', status: 404, title: 'none', field: 'code', detail: name('没有这个认领码，或它已用过、已过期。', 'There is no such claim code, or it is used or over.') }, 422)
      if (path === '/devices/claim') return json(route, { ...device(1), name: request.postDataJSON().name ?? '1 号下穿通道', state: 'silent', last_seen: null }, 201)
      if (path === '/devices') return json(route, { ...device(7), name: '新水尺' }, 201)
      if (path.endsWith('/credentials')) return json(route, { id: 6, kind: 'token', user: '', secret: 'zd_7f3k9s2m1x' }, 201)
      if (path.endsWith('/import') && request.postData().includes('preview'))
        return json(route, { lines: 3, fits: 2, there: 0, refused: 1, written: false, wrong: [{ line: 3, code: 'device.type', field: 'type', detail: name('没有类型 water-guage。', 'There is no type water-guage.') }] })
      if (path.endsWith('/import')) return json(route, { import: 'abc' }, 202)
      if (path.includes('/ingest/')) return route.fulfill({ status: 204 })
      return json(route, { id: 9 }, 201)
    }
    if (path === '/dashboards') return json(route, { dashboards: empty ? [] : DASHBOARDS })
    if (path === '/readings') {
      const type = url.searchParams.get('type')
      const of = all.filter((one) => one.type.id === type && !one.private)
      return json(route, { stream: LEVEL, readings: of.map((one, i) => ({ device: one.id, name: one.name, area_name: one.at.area_name, state: one.state, datastream: 31, last: i === 2 ? null : { at: ago(now, i + 1), value: 3.5 + ((i * 37) % 29), quality: [] } })), next: null })
    }
    if (path === '/devices/types') return json(route, { types: TYPES })
    if (path === '/devices/counts') return json(route, { total: all.length, by_state: Object.fromEntries(STATES.map((state) => [state, all.filter((one) => one.state === state).length])), by_type: [GAUGE, GATE].map((type) => ({ ...type, by_state: Object.fromEntries(STATES.map((state) => [state, all.filter((one) => one.type.id === type.id && one.state === state).length])) })) })
    if (path.startsWith('/devices/imports/')) return json(route, { state: 'done', done: 2, total: 2, error: null, result: { lines: 3, fits: 2, there: 0, refused: 1, written: true, wrong: [] } })
    if (path === '/devices') {
      const state = url.searchParams.get('state')
      const type = url.searchParams.get('type')
      const q = url.searchParams.get('q') ?? ''
      const fit = all.filter((one) => (!state || one.state === state) && (!type || one.type.id === type) && (one.name + one.serial).includes(q))
      const from = Number(url.searchParams.get('cursor') ?? 0)
      return json(route, { devices: fit.slice(from, from + 6), next: fit.length > from + 6 ? String(from + 6) : null })
    }
    if (path.endsWith('/series')) {
      const [from, to] = ['from', 'to'].map((key) => Date.parse(url.searchParams.get(key)))
      series += 1
      const count = 200
      const points = Array.from({ length: count }, (_, i) => { const t = Math.round(from + ((to - from) * i) / count); const mean = 20 + 12 * Math.sin(t / 9e6) + 3 * Math.sin(t / 4e5); return [t, mean - 3, mean, mean + 4, 12] }).filter((_, i) => i < 90 || i > 104)
      return json(route, { unit: 'cm', step: to - from > 86_400_000 * 2 ? 'hour' : 'minute', points })
    }
    if (path === '/ingest') {
      const counts = { received: 128_400, stored: 126_950, duplicates: 310, late: 92, flagged: 41, throttled: 800, refused: 120, quarantined: 220 }
      if (empty) for (const key of Object.keys(counts)) counts[key] = 0
      return json(route, { rate_s: 211.4, lag_ms: 2350, waiting: 0, ...counts, sources: [{ way: 'lines', ...counts }, { way: 'mqtt', ...counts }], mqtt: { connected: false, pending: 12, unacknowledged: 3 }, quarantine: { 'ingest.future': 2 },
        recent: Array.from({ length: 60 }, (_, i) => ({ at: ago(now, (60 - i) / 12), received: 900 + Math.round(300 * Math.sin(i / 4)), stored: 880 + Math.round(280 * Math.sin(i / 4)) })) })
    }
    if (path === '/ingest/quarantine') {
      const one = (id, message) => ({ id, at: ago(now, id), way: 'lines', device: 1, datastream: 31, problem: 'ingest.future', topic: '', message, sent: '{"s":"level","t":"2031-01-01T00:00:00Z","v":12.5}', state: 'waiting', decided_at: null, decided_by: '' })
      return json(route, { quarantine: [one(2, false), one(1, true)].filter((row) => !sent.some((done) => done.path.includes(`/${row.id}/`))), next: null })
    }
    const found = all.find((it) => it.id === path.split('/')[2])
    return found ? json(route, full(found)) : json(route, { code: 'device.unknown', title: 'none' }, 404)
  }
  await page.route(/\/api\/v1\/(devices|ingest|datastreams|dashboards|readings)([/?]|$)/, answer)
  return { sent, asked, seriesAsked: () => series, now }
}
