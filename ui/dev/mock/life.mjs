// The life of a mock case is a function of its number and the time, so that nothing needs to be kept.
import { complaints, departmentOf, items } from './items.mjs'
import { random } from './city.mjs'

const t = (zh, en) => ({ zh, en })
const MIN = 60_000, HOUR = 60 * MIN, DAY = 24 * HOUR
const ZONE_MS = 8 * HOUR
export const iso = (ms) => new Date(ms + ZONE_MS).toISOString().slice(0, 19) + '+08:00'
export const number = (it) => `LC-${iso(it.at).slice(2, 4)}${iso(it.at).slice(5, 7)}-${it.id}`

const NAMES = [['蔡', 'Cai'], ['陈', 'Chen'], ['多拉', 'Dora'], ['孙', 'Sun'], ['李', 'Li'], ['魏', 'Wei'], ['周', 'Zhou']]
const SOURCES = ['citizen', 'citizen', 'citizen', 'citizen', 'collector', 'collector', 'sensor', 'camera']

export function makeCase(city, id, at) {
  const next = random(id * 7919)
  const item = items[Math.floor(next() ** 1.6 * items.length)]
  const condition = item.conditions[Math.floor(next() * item.conditions.length)]
  const grid = city.grids[Math.floor((next() * 0.5 + next() * 0.5) * city.grids.length)]
  const released = next() < 0.45
  const [lon, lat] = released ? city.point(grid, next) : grid.centre
  return { id, at, item, condition, grid, lon, lat, released, source: SOURCES[Math.floor(next() * SOURCES.length)], pace: 0.3 + next() ** 2 * 2.6, rework: next() < 0.12, pause: next() < 0.14, who: Array.from({ length: 5 }, () => NAMES[Math.floor(next() * NAMES.length)]), recorded: false }
}

const budgetMs = (clock) => clock.amount * (clock.unit.endsWith('days') ? DAY : HOUR)
const HANDLE_SHARE_MAX = 1.25

/** All that will ever happen to the case: [time, kind, stage or null, who, sentence zh, sentence en, audience]. */
function plan(it) {
  const [collector, acceptor, dispatcher, handler, verifier] = it.who
  const department = departmentOf(it.item)
  const handle = Math.min(budgetMs(it.condition.clocks[0]) * HANDLE_SHARE_MAX, 6 * DAY) * it.pace
  const said = complaints[it.item.code]
  const words = said?.[it.id % said.length]
  const steps = []
  let at = it.at
  const step = (after, kind, stage, who, zh, en, audience = 'public', extra = {}) => { at += after; steps.push({ at, kind, stage, who, sentence: t(zh, en), audience, ...extra }) }
  const citizen = { role: 'citizen', name: t('居民', 'A resident') }
  const person = (role, [zh, en], rzh, ren) => ({ role, name: t(`${zh}（${rzh}）`, `${en} (${ren})`) })
  const first = { citizen: () => step(0, 'signal.received', 'collected', citizen, it.released && words ? `居民：“${words}”` : `居民报了“${it.item.name.zh}”`, it.released && words ? `A resident: “${words}”` : `A resident reported: ${it.item.name.en.toLowerCase()}`),
    collector: () => step(0, 'signal.received', 'collected', person('collector', collector, '网格员', 'patrol'), `${collector[0]}（网格员）巡查发现“${it.item.name.zh}”，照片 2 张`, `${collector[1]} (patrol) found: ${it.item.name.en.toLowerCase()}, 2 photos`),
    sensor: () => step(0, 'signal.received', 'collected', { role: 'system', name: t('传感器', 'Sensor') }, `传感器 g${it.id % 40} 连续 3 分钟超出界限`, `Sensor g${it.id % 40} was above its limit for 3 minutes`),
    camera: () => step(0, 'signal.received', 'collected', { role: 'system', name: t('摄像头', 'Camera') }, `摄像头 k${it.id % 20} 看见“${it.item.name.zh}”，等人确认`, `Camera k${it.id % 20} saw: ${it.item.name.en.toLowerCase()}; a person will confirm`) }
  first[it.source]()
  step(4 * MIN * it.pace, 'case.registered', 'registered', person('acceptor', acceptor, '受理', 'intake'), `${acceptor[0]}（受理）立案：${it.item.name.zh}，${it.condition.when.zh}`, `${acceptor[1]} (intake) opened the case: ${it.item.name.en.toLowerCase()}, ${it.condition.when.en.toLowerCase()}`)
  step(0, 'clock.started', null, null, '处置时限开始计时', 'The clock for the work started', 'system')
  step(7 * MIN * it.pace, 'case.dispatched', 'dispatched', person('dispatcher', dispatcher, '派遣', 'dispatch'), `${dispatcher[0]}（派遣）派给${department.name.zh}`, `${dispatcher[1]} (dispatch) sent it to ${department.name.en}`)
  step(0, 'duty.resolved', null, null, '按责任网格和事项职能算出承办部门', 'The department follows from the duty grid and the function of the item', 'system')
  step(15 * MIN * it.pace, 'case.taken', 'handling', person('handler', handler, department.name.zh, department.name.en), `${handler[0]}（${department.name.zh}）接单`, `${handler[1]} (${department.name.en}) took it on`)
  if (it.pause) {
    step(handle * 0.3, 'case.suspension_decided', 'suspended', person('dispatcher_lead', acceptor, '值班长', 'duty lead'), `${acceptor[0]}（值班长）同意挂账：等材料`, `${acceptor[1]} (duty lead) agreed to suspend: waiting for material`)
    step(handle * 0.4, 'case.resumed', 'handling', null, '挂账到期，恢复计时', 'The suspension ended and the clock runs again', 'system')
  }
  step(handle * 0.55, 'case.reported_back', 'reported_back', person('handler', handler, department.name.zh, department.name.en), `${handler[0]}（${department.name.zh}）反馈已处理，照片 2 张`, `${handler[1]} (${department.name.en}) reported the work done, 2 photos`)
  if (it.rework) {
    step(40 * MIN, 'case.reworked', 'handling', person('verifier', verifier, '核查', 'verification'), `${verifier[0]}（核查）核查不通过：没有清干净，返工`, `${verifier[1]} (verification) did not pass it: not cleared up; to be done again`)
    step(handle * 0.3, 'case.reported_back', 'reported_back', person('handler', handler, department.name.zh, department.name.en), `${handler[0]}（${department.name.zh}）再次反馈已处理`, `${handler[1]} (${department.name.en}) reported it done again`)
  }
  step(20 * MIN * it.pace, 'case.verification_sent', 'verifying', person('dispatcher', dispatcher, '派遣', 'dispatch'), `${dispatcher[0]}（派遣）请网格员到现场核查`, `${dispatcher[1]} (dispatch) asked a patrol to check on site`, 'staff')
  step(50 * MIN * it.pace, 'case.verified', 'verified', person('verifier', verifier, '核查', 'verification'), `${verifier[0]}（网格员）核查通过，照片 1 张`, `${verifier[1]} (patrol) checked and passed it, 1 photo`)
  step(10 * MIN * it.pace, 'case.closed', 'closed', person('acceptor', acceptor, '受理', 'intake'), `${acceptor[0]}（受理）结案`, `${acceptor[1]} (intake) closed the case`)
  step(2 * DAY, 'case.evaluated', 'evaluated', null, '评价期满，计入部门评价', 'The days for rating are over; the result counts', 'system')
  return steps
}

function spansOf(steps, now) {
  const spans = []
  for (const one of steps) {
    const last = spans[spans.length - 1]
    if (one.kind === 'case.dispatched' || ((one.kind === 'case.reworked' || one.kind === 'case.resumed') && last?.to)) spans.push({ from: one.at, to: null, kind: 'ran', reason: null, by: null })
    else if (one.kind === 'case.suspension_decided') { last.to = one.at; spans.push({ from: one.at, to: null, kind: 'paused', reason: t('等材料', 'waiting for material'), by: one.who.name }) }
    else if (one.kind === 'case.reported_back') last.to = one.at
    if (one.kind === 'case.resumed') { const paused = spans.find((s) => s.kind === 'paused'); paused.to = one.at; if (!spans.some((s) => s.from === one.at && s.kind === 'ran')) spans.push({ from: one.at, to: null, kind: 'ran', reason: null, by: null }) }
  }
  return spans.map((span) => ({ ...span, end: span.to ?? now }))
}

/** The case as it stands at `now`. */
export function stateOf(it, now) {
  it.plan ??= plan(it)
  const done = it.plan.filter((one) => one.at <= now)
  const stage = done.filter((one) => one.stage).at(-1)?.stage ?? 'collected'
  const spans = spansOf(done, now)
  const promise = it.condition.clocks[0]
  const budget = budgetMs(promise)
  const used = spans.filter((s) => s.kind === 'ran').reduce((sum, s) => sum + s.end - s.from, 0)
  const closed = done.find((one) => one.kind === 'case.closed')?.at ?? null
  const paused = stage === 'suspended'
  const running = spans.at(-1)?.to === null && !paused
  const left = budget - used
  const clock = spans.length ? { name: 'handle', unit: promise.unit, budget, used, left, due_at: paused ? iso(it.plan.find((one) => one.kind === 'case.resumed').at) : running ? iso(now + left) : null, state: paused ? 'paused' : running ? 'running' : 'stopped', because: paused ? t('等材料', 'waiting for material') : null } : null
  return { done, stage, spans, clock, closed, late: left < 0, soon: left >= 0 && left < budget / 4 && running }
}
