import { describe, expect, it } from 'vitest'
import type { Clock } from '../api/types'
import { clockView, DAY_PARTS, HOUR_PARTS, promiseWords, spanWords, toneOf } from './clock'

const NOW = '2026-06-01T14:00:00+08:00'
const names = { handle: '处置' }
const clock = (part: Partial<Clock>): Clock => ({ name: 'handle', unit: 'work_hours', budget: 4 * HOUR_PARTS, used: 2.8 * HOUR_PARTS, left: 1.2 * HOUR_PARTS, due_at: null, state: 'running', because: null, ...part })

describe('a clock in words', () => {
  it('says what is left and of how much', () => {
    const view = clockView(clock({}), names, NOW, 'zh')
    expect([view.name, view.words, view.total, view.tone]).toEqual(['处置', '剩 1 小时 12 分', '共 4 工作时', 'good'])
    expect(clockView(clock({}), {}, NOW, 'en').words).toBe('1 h 12 min left')
  })
  it('says how far it is over', () => {
    const late = clock({ used: 4 * HOUR_PARTS + 20 * 60_000, left: -20 * 60_000 })
    expect(clockView(late, names, NOW, 'zh').words).toBe('超 20 分')
    expect(clockView(late, names, NOW, 'en').words).toBe('20 min over')
    expect(clockView(late, names, NOW, 'zh').share).toBe(1)
  })
  it('says why it stands still and until when', () => {
    const paused = clock({ state: 'paused', because: { zh: '等材料', en: 'waiting for material' }, due_at: '2026-06-03T09:00:00+08:00' })
    expect(clockView(paused, names, NOW, 'zh').words).toBe('暂停：等材料，至 6 月 3 日 09:00')
    expect(clockView(paused, names, NOW, 'en').words).toBe('paused: waiting for material, until 3 Jun 09:00')
  })
  it('is nearly late below a quarter of the budget, not at it', () => {
    expect(toneOf(clock({ left: HOUR_PARTS }))).toBe('good')
    expect(toneOf(clock({ left: HOUR_PARTS - 1 }))).toBe('risk')
    expect(toneOf(clock({ left: -1 }))).toBe('late')
    expect(toneOf(clock({ left: HOUR_PARTS - 1, state: 'stopped' }))).toBe('done')
    expect(toneOf(null)).toBe('good')
  })
  it('stays late after it has stopped', () => {
    expect(toneOf(clock({ left: -1, state: 'stopped' }), true)).toBe('late')
  })
  it('never turns work days into hours of the clock', () => {
    expect(spanWords(2.5 * DAY_PARTS, 'work_days', 'zh')).toBe('2.5 工作日')
    expect(spanWords(0.02 * DAY_PARTS, 'work_days', 'en')).toBe('0.1 work days')
    expect(spanWords(0.5 * DAY_PARTS, 'natural_days', 'zh')).toBe('12 小时')
    expect(spanWords(0, 'work_hours', 'en')).toBe('0 min')
    expect(spanWords(1, 'work_hours', 'en')).toBe('1 min')
  })
  it('counts one thing as one', () => {
    expect(promiseWords(1, 'work_days', 'en')).toBe('1 work day')
    expect(promiseWords(2, 'urgent_hours', 'en')).toBe('2 urgent hours')
    expect(promiseWords(2, 'urgent_hours', 'zh')).toBe('2 紧急工作时')
  })
})
