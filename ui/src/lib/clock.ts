// A clock in words and as a bar: "处置 剩 1 小时 12 分 · 共 4 工作时".

import type { Clock, Unit } from '../api/types'
import { say, type Lang } from './text'
import { when } from './time'

export type Tone = 'good' | 'risk' | 'late' | 'paused' | 'done'

export const HOUR_PARTS = 3_600_000
export const DAY_PARTS = 86_400_000
/** Less than this share of the budget left is "about to be late". */
export const RISK_SHARE = 0.25

export const isDays = (unit: Unit): boolean => unit === 'work_days' || unit === 'natural_days'

const UNIT_WORDS: Record<Unit, { zh: string; one: string; many: string }> = {
  urgent_hours: { zh: '紧急工作时', one: 'urgent hour', many: 'urgent hours' },
  work_hours: { zh: '工作时', one: 'work hour', many: 'work hours' },
  work_days: { zh: '工作日', one: 'work day', many: 'work days' },
  natural_days: { zh: '天', one: 'day', many: 'days' },
}

const short = (value: number) => String(Math.round(value * 10) / 10)

/** A promise: "4 工作时", "4 work hours". `amount` counts whole units. */
export function promiseWords(amount: number, unit: Unit, lang: Lang): string {
  const words = UNIT_WORDS[unit] ?? UNIT_WORDS.natural_days
  if (lang === 'zh') return `${short(amount)} ${words.zh}`
  return `${short(amount)} ${amount === 1 ? words.one : words.many}`
}

const partsOf = (unit: Unit) => (isDays(unit) ? DAY_PARTS : HOUR_PARTS)

/** A stretch of a clock's own time. Hours go down to minutes; work days are not cut into hours of the day. */
export function spanWords(parts: number, unit: Unit, lang: Lang): string {
  const size = Math.abs(parts)
  if (isDays(unit)) return dayWords(size, unit, lang)
  const minutes = Math.max(size > 0 ? 1 : 0, Math.round(size / 60_000))
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (lang === 'zh') {
    if (!hours) return `${rest} 分`
    return rest ? `${hours} 小时 ${rest} 分` : `${hours} 小时`
  }
  if (!hours) return `${rest} min`
  return rest ? `${hours} h ${rest} min` : `${hours} h`
}

function dayWords(size: number, unit: Unit, lang: Lang): string {
  const days = size / DAY_PARTS
  if (unit === 'natural_days' && days < 1) return spanWords(size, 'urgent_hours', lang)
  const rounded = Math.max(0.1, Math.round(days * 10) / 10)
  return promiseWords(rounded, unit, lang)
}

export function toneOf(clock: Pick<Clock, 'state' | 'left' | 'budget'> | null, closed = false): Tone {
  if (!clock) return closed ? 'done' : 'good'
  if (clock.left < 0 || clock.state === 'expired') return 'late'
  if (closed || clock.state === 'stopped') return 'done'
  if (clock.state === 'paused') return 'paused'
  return clock.left < clock.budget * RISK_SHARE ? 'risk' : 'good'
}

export interface ClockView {
  name: string
  /** "剩 1 小时 12 分", "超 20 分", "暂停：等材料" */
  words: string
  /** "共 4 工作时" */
  total: string
  tone: Tone
  /** Share of the budget that is used, 0 … 1. */
  share: number
}

export function clockView(clock: Clock, names: Record<string, string>, now: string, lang: Lang, closed = false): ClockView {
  const tone = toneOf(clock, closed)
  const key = typeof clock.name === 'string' ? clock.name : ''
  return {
    name: names[key] ?? say(clock.name, lang),
    words: words(clock, tone, now, lang),
    total: (lang === 'zh' ? '共 ' : 'of ') + promiseWords(clock.budget / partsOf(clock.unit), clock.unit, lang),
    tone,
    share: clock.budget > 0 ? Math.min(1, Math.max(0, clock.used / clock.budget)) : 1,
  }
}

function words(clock: Clock, tone: Tone, now: string, lang: Lang): string {
  const span = spanWords(clock.left, clock.unit, lang)
  if (tone === 'late') return lang === 'zh' ? `超 ${span}` : `${span} over`
  if (tone === 'done') return doneWords(clock, lang)
  if (tone === 'paused') return pauseWords(clock, now, lang)
  return lang === 'zh' ? `剩 ${span}` : `${span} left`
}

function doneWords(clock: Clock, lang: Lang): string {
  const used = spanWords(clock.used, clock.unit, lang)
  return lang === 'zh' ? `已停，用了 ${used}` : `stopped, ${used} used`
}

function pauseWords(clock: Clock, now: string, lang: Lang): string {
  const reason = say(clock.because, lang)
  const until = clock.due_at ? when(clock.due_at, now, lang) : ''
  if (lang === 'zh') return `暂停${reason ? `：${reason}` : ''}${until ? `，至 ${until}` : ''}`
  return `paused${reason ? `: ${reason}` : ''}${until ? `, until ${until}` : ''}`
}
