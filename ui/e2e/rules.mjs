// Answers about rules: armed, disarmed and broken ones, and a replay that takes three looks to be done.
import { ask } from './data.mjs'
import { shiftedBy } from './alarms.mjs'

const name = (zh, en) => ({ zh, en })
const rule = (id, zh, en, text, severity, pack, more = {}) => ({
  id, name: name(zh, en), about: name('', ''), text, severity, scope: 'thing', watch: [{ property: 'water-level', name: name('路面水深', 'Depth of water'), unit: 'cm' }], types: ['water-gauge'], opens: '0509/deep',
  says: name('{place}水深 {value} 厘米', '{place}: water {value} cm deep'), basis: 'GB 50014-2021', pack, parameters: [{ id: 'limit', name: name('限值', 'Limit'), standard: 15, unit: 'cm' }], armed: true, chosen_by: '', reason: '', subjects: 120, raised: 2, at_fault: 1,
  broken: 0, broken_why: null, fired_30d: 14, ...more,
})

/** Takes over all that is asked about rules. */
export async function withRules(page, { empty = false, offline = false, fired = 14 } = {}) {
  const { now } = await ask('/api/v1/city')
  const rules = empty ? [] : [
    rule('ponding-deep', '道路深积水', 'Deep water on a road', 'raise: value > 15 cm for 3 min\nescalate: to critical when value > 27 cm for 3 min\nclear: value < 5 cm for 10 min\nfault: no data for 30 min', 'major', 'urban-flood'),
    rule('pump-not-keeping-up', '排水泵运行中水位仍上涨', 'Water rises though the pump runs', 'raise: rise(water-level, 10 min) > 3 cm and last(water-level) > 5 cm and last(pump-running) = true for 5 min\nclear: rise(water-level, 10 min) <= 0 cm for 10 min', 'critical', 'urban-flood', { scope: 'place', raised: 0, fired_30d: 0, parameters: [] }),
    rule('gas-high', '可燃气体超限', 'Combustible gas', 'raise: value > 20 %[LEL] for 3 readings', 'critical', 'fire-and-gas', { broken: 2, broken_why: name('除数为零', 'a division by zero') }),
    rule('bin-full', '垃圾箱满', 'A bin is full', 'raise: value > 85 % for 30 min\nduring: workdays 07:00 to 21:00', 'warning', 'civilised-city', { armed: false, chosen_by: 'staff:dispatcher-lead', reason: '节日期间人工巡查', opens: '' }),
  ]
  const own = [{ subject: 'place:p2', place: name('铁路桥下', 'Railway underpass'), parameter: 'limit', value: 10 }]
  const sent = []
  let looks = 0
  const json = (route, body, status = 200) => route.fulfill({ status, contentType: 'application/json', body: body === null ? '' : JSON.stringify(body) })
  const times = (from, to) => Array.from({ length: fired }, (_, i) => {
    const at = Date.parse(from) + ((Date.parse(to) - Date.parse(from)) * (i * i + 1)) / (fired * fired + 1)
    return { at: shiftedBy(new Date(at).toISOString(), 0), until: i === fired - 1 ? null : shiftedBy(new Date(at).toISOString(), 45), severity: i % 5 === 4 ? 'critical' : 'major', private: i === 2, ...(i === 2 ? {} : { subject: `thing:${i % 3}`, thing: i % 3, place: name(`${(i % 3) + 1} 号下穿通道`, `Underpass ${(i % 3) + 1}`), value: 16 + i, unit: 'cm' }) }
  })
  let span = { from: now, to: now }
  await page.route(/\/api\/v1\/rules([/?]|$)/, async (route) => {
    const request = route.request()
    const path = new URL(request.url()).pathname.replace('/api/v1', '')
    if (offline) return route.abort('internetdisconnected')
    const body = request.method() === 'POST' ? request.postDataJSON() : null
    if (body) sent.push({ path, body })
    if (path === '/rules') return json(route, { rules, running: true })
    if (path.startsWith('/rules/replays/')) {
      looks += 1
      if (looks < 3) return json(route, { rule: 'ponding-deep', state: 'running', done: looks * 40, all: 120, result: null, error: null })
      return json(route, { rule: 'ponding-deep', state: 'done', done: 120, all: 120, error: null, result: { fired, subjects: 120, concerned: Math.min(3, fired), readings: 5_184_000, faults: 7, broken: 0, broken_why: null, times: times(span.from, span.to) } })
    }
    const one = rules.find((it) => it.id === path.split('/')[2])
    if (!one) return json(route, { code: 'rule.unknown', status: 404, title: 'none' }, 404)
    if (path.endsWith('/replays')) { looks = 0; span = body; return json(route, { id: 'r1' }, 202) }
    if (path.endsWith('/arm')) { Object.assign(one, { armed: body.armed, reason: body.reason, chosen_by: 'staff:dispatcher-lead' }); return route.fulfill({ status: 204 }) }
    if (path.endsWith('/parameters')) {
      const at = own.findIndex((it) => it.subject === body.subject)
      if (at >= 0) own.splice(at, 1)
      if (body.value !== undefined) own.push({ subject: body.subject, place: name(body.subject, body.subject), parameter: body.parameter, value: body.value })
      return route.fulfill({ status: 204 })
    }
    return json(route, { ...one, own })
  })
  return { sent, rules, own, now }
}
