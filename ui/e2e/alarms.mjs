// Answers about alarms and maintenance windows of a made-up night, so that every severity and state is there at once. What is done
// changes them, as the server would.
import { ask } from './data.mjs'

const name = (zh, en) => ({ zh, en })
const ZONE_MS = 8 * 3_600_000
/** As the server writes times: on the city's clock. */
export const shiftedBy = (at, minutes) => `${new Date(Date.parse(at) + minutes * 60_000 + ZONE_MS).toISOString().slice(0, 19)}+08:00`

const WHAT = [
  ['critical', 'gas-high', name('可燃气体超限', 'Combustible gas'), name('人民路 3 号餐馆燃气浓度 26 %LEL', 'Restaurant at 3 Renmin Road: gas at 26 %LEL'), 26, '%[LEL]'],
  ['major', 'ponding-deep', name('道路深积水', 'Deep water on a road'), name('铁路桥下水深 24 厘米', 'Railway underpass: water 24 cm deep'), 24, 'cm'],
  ['minor', 'ponding-shallow', name('道路积水', 'Water on a road'), name('中山路下穿积水 7 厘米', 'Zhongshan underpass: water 7 cm deep'), 7, 'cm'],
  ['warning', 'bin-full', name('垃圾箱满', 'A bin is full'), name('南门市场 4 号箱满溢 92%', 'South market, bin 4: 92 % full'), 92, '%'],
  ['info', 'rain-heavy', name('强降雨', 'Heavy rain'), name('一小时雨量 21 毫米', '21 mm of rain in an hour'), 21, 'mm'],
  ['warning', 'device-fault', name('设备故障', 'Device fault'), name('3 号水位计失联', 'Water gauge 3 is silent'), null, ''],
]
export const VERBS = { raised: ['acknowledge', 'assign', 'comment', 'suppress', 'clear'], acknowledged: ['assign', 'comment', 'suppress', 'clear'], suppressed: ['acknowledge', 'assign', 'comment', 'clear'], cleared: ['reopen', 'comment'] }

const GRAVITY = ['critical', 'major', 'minor', 'warning', 'info']
const STATES = ['raised', 'acknowledged', 'suppressed', 'cleared']
const byUrgency = (list) => [...list].sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity) || Date.parse(b.raised_at) - Date.parse(a.raised_at))

/** Takes over all that is asked about alarms. `sent` gathers what was changed; `empty`: a calm night; `offline`: no network; `may`: what this person may do. */
export async function withAlarms(page, { empty = false, offline = false, broken = false, may = null, many = 0 } = {}) {
  const city = await ask('/api/v1/city')
  const [lon, lat] = city.centre
  const now = city.now
  const alarm = (i) => {
    const [severity, rule, ruleName, says, value, unit] = WHAT[i % WHAT.length]
    const state = ['raised', 'raised', 'acknowledged', 'raised', 'raised', 'suppressed', 'cleared'][i % 7]
    const home = i === 7
    return {
      id: String(i + 1), version: 1, kind: rule === 'device-fault' ? 'fault' : 'condition', rule: { id: rule, name: ruleName }, subject: `thing:${i + 1}`, severity, state, flapping: i === 3, times: i === 1 ? 3 : 1,
      raised_at: shiftedBy(now, -7 - i * 19), cleared_at: state === 'cleared' ? shiftedBy(now, -3) : null, cleared_by: state === 'cleared' ? 'system' : null,
      acknowledged_at: state === 'acknowledged' ? shiftedBy(now, -2) : null, acknowledged_by: state === 'acknowledged' ? 'dispatcher' : null, assigned_to: i === 2 ? { post: 'drainage', post_name: name('排水岗', 'Drainage'), person: null } : null,
      suppressed_until: state === 'suppressed' ? shiftedBy(now, 200) : null, maintenance: null,
      place: { lat: home ? null : lat + Math.sin(i * 1.7) * 0.02, lon: home ? null : lon + Math.cos(i * 2.3) * 0.02, name: home ? null : name(`${i + 1} 号点`, `Point ${i + 1}`), key: home ? null : `p${i + 1}`, area: '310101', area_name: name('人民街道', 'Renmin Subdistrict'), private: home },
      thing: i + 1, thing_name: home ? null : name(`${i + 1} 号探测器`, `Detector ${i + 1}`), device: String(i + 1), property: 'water-level', says: home ? ruleName : says, value: home ? null : value, unit,
      keeper: { department: 'drainage', name: name('排水所', 'Drainage office'), post: null, fallback: i === 4 }, case_no: i === 1 ? 'LC-2611-00412' : null, waits: i === 4 ? name('提示级别不立案', 'Information opens no case') : null,
    }
  }
  const list = []
  if (!empty) for (let i = 0; i < Math.max(9, many); i += 1) list.push(alarm(i))
  const story = new Map(list.map((one) => [one.id, [{ seq: 1, at: one.raised_at, kind: 'alarm.raised', who: null, sentence: name('规则告警：水深 24 厘米，超过 15 厘米已 3 分钟', 'Raised by its rule: 24 cm, above 15 cm for 3 minutes'), words: null },
    ...(one.case_no ? [{ seq: 2, at: shiftedBy(one.raised_at, 1), kind: 'alarm.case', who: null, sentence: name('自动立案，派给排水所', 'A case was opened and sent to the drainage office'), words: null }] : [])]]))
  const windows = empty ? [] : [
    { id: '3', thing: null, place: null, rule: null, type: 'water-gauge', area: '310101', begins: shiftedBy(now, -60), ends: shiftedBy(now, 300), reason: '厂家校准水位计', by: 'dispatcher-lead', state: 'open' },
    { id: '2', thing: 4, place: null, rule: null, type: null, area: null, begins: shiftedBy(now, 600), ends: shiftedBy(now, 900), reason: '更换探头', by: 'device-keeper', state: 'planned' },
    { id: '1', thing: null, place: null, rule: 'device-fault', type: null, area: null, begins: shiftedBy(now, -3000), ends: shiftedBy(now, -2000), reason: '基站搬迁', by: 'administrator', state: 'over' },
  ]
  const sent = []
  const asked = []
  const json = (route, body, status = 200) => route.fulfill({ status, contentType: 'application/json', body: body === null ? '' : JSON.stringify(body) })
  const stands = (one) => one.state !== 'cleared'
  const AFTER = { acknowledge: 'acknowledged', suppress: 'suppressed', clear: 'cleared', reopen: 'raised' }

  const command = (route, one, body) => {
    if (!VERBS[one.state].includes(body.command)) return json(route, { code: 'alarm.state', status: 409, title: 'no', detail: name('这条告警已经不在这个状态。', 'The alarm is not in that state any more.') }, 409)
    one.state = AFTER[body.command] ?? one.state
    one.version += 1
    if (body.command === 'acknowledge') Object.assign(one, { acknowledged_by: 'dispatcher-lead', acknowledged_at: now })
    if (body.command === 'suppress') one.suppressed_until = body.until
    if (body.command === 'clear') Object.assign(one, { cleared_at: now, cleared_by: 'dispatcher-lead' })
    if (body.command === 'assign') one.assigned_to = { post: body.post ?? null, post_name: null, person: body.person ?? null }
    story.get(one.id).push({ seq: one.version, at: now, kind: `alarm.${body.command}`, who: 'dispatcher-lead', sentence: name(`派遣组长：${body.command}`, `dispatcher-lead: ${body.command}`), words: body.reason ?? null })
    return json(route, { id: one.id, state: one.state, version: one.version })
  }
  const maintenance = (route, request, path, query) => {
    if (request.method() === 'POST') { windows.unshift({ thing: null, place: null, rule: null, type: null, area: null, begins: now, by: 'dispatcher-lead', state: 'open', ...request.postDataJSON(), id: '4' }); return json(route, { id: '4' }, 201) }
    if (request.method() === 'DELETE') { windows.find((one) => one.id === path.split('/')[2]).state = 'over'; return route.fulfill({ status: 204 }) }
    return json(route, { windows: windows.filter((one) => query.get('past') || one.state !== 'over'), next: null })
  }
  const answer = async (route) => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/v1', '')
    asked.push(path + url.search)
    if (offline) return route.abort('internetdisconnected')
    if (broken) return route.fulfill({ status: 500, body: '' })
    if (request.method() !== 'GET') sent.push({ method: request.method(), path: path + url.search, body: request.postData() ? request.postDataJSON() : null })
    if (path.startsWith('/maintenance')) return maintenance(route, request, path, url.searchParams)
    const of = (key) => url.searchParams.get(key) ?? ''
    const fit = list.filter((one) => (!of('rule') || of('rule').split(',').includes(one.rule.id)) && (!of('thing') || String(one.thing) === of('thing')) && (!of('case') || one.case_no === of('case')))
    if (path === '/alarms/counts') {
      const standing = fit.filter(stands)
      const conditions = standing.filter((it) => it.kind === 'condition')
      const open = conditions.filter((it) => it.state !== 'suppressed')
      return json(route, { open: open.length, by_severity: Object.fromEntries(GRAVITY.map((one) => [one, open.filter((it) => it.severity === one).length])), unacknowledged: open.filter((it) => it.state === 'raised').length, acknowledged: open.filter((it) => it.state === 'acknowledged').length, suppressed: conditions.length - open.length, faults: standing.filter((it) => it.kind === 'fault' && it.state !== 'suppressed').length, oldest_unacknowledged: null })
    }
    if (path === '/alarms') {
      const which = of('state') || 'open'
      const shown = (of('order') === 'urgency' ? byUrgency(fit) : fit).filter((one) => (which === 'all' || (which === 'open') === stands(one)) && (!of('severity') || one.severity === of('severity')) && (!of('kind') || one.kind === of('kind')))
      const from = Number(of('cursor') || 0), limit = Number(of('limit') || 50)
      return json(route, { alarms: shown.slice(from, from + limit), next: shown.length > from + limit ? String(from + limit) : null })
    }
    const one = list.find((it) => it.id === path.split('/')[2])
    if (!one) return json(route, { code: 'alarm.unknown', status: 404, title: 'none' }, 404)
    if (path.endsWith('/commands')) return command(route, one, request.postDataJSON())
    return json(route, { ...one, story: story.get(one.id), may: may ?? Object.values(VERBS).flat().filter((verb, i, all) => all.indexOf(verb) === i) })
  }
  await page.route(/\/api\/v1\/(alarms|maintenance)([/?]|$)/, answer)
  return { sent, asked, now, list, windows }
}
