// Times as people say them. The wall clock is the city's: it is read from the text of the ISO time, never from the
// zone of the reader's machine.

import type { Lang } from './text'

export interface Wall { year: number; month: number; day: number; hour: number; minute: number; second: number }

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?/

export function wall(iso: string): Wall {
  const part = ISO.exec(iso)
  if (!part) return { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
  const [year, month, day, hour, minute, second] = part.slice(1).map((text) => Number(text ?? 0))
  return { year, month, day, hour: hour || 0, minute: minute || 0, second: second || 0 }
}

const two = (value: number) => String(value).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAY_MS = 86_400_000

export const dayKey = (iso: string): string => iso.slice(0, 10)
/** The last second of a day of the city, in the zone of its clock's text. */
export const endOfDay = (day: string, now: string): string => `${day}T23:59:59${/(Z|[+-]\d{2}:?\d{2})$/.exec(now)?.[1] ?? 'Z'}`
export const hourMinute = (iso: string): string => `${two(wall(iso).hour)}:${two(wall(iso).minute)}`

function dayNumber(at: Wall): number {
  return Math.floor(Date.UTC(at.year, at.month - 1, at.day) / DAY_MS)
}

/** "今天", "昨天", "11 月 20 日", with the year when it is another one. */
export function dayWords(iso: string, now: string, lang: Lang): string {
  const at = wall(iso)
  const today = wall(now)
  const away = dayNumber(at) - dayNumber(today)
  if (away === 0) return lang === 'zh' ? '今天' : 'today'
  if (away === -1) return lang === 'zh' ? '昨天' : 'yesterday'
  if (away === 1) return lang === 'zh' ? '明天' : 'tomorrow'
  const year = at.year !== today.year
  if (lang === 'zh') return `${year ? `${at.year} 年 ` : ''}${at.month} 月 ${at.day} 日`
  return `${at.day} ${MONTHS[at.month - 1]}${year ? ` ${at.year}` : ''}`
}

export function when(iso: string, now: string, lang: Lang): string {
  return `${dayWords(iso, now, lang)} ${hourMinute(iso)}`
}

/** The same instant shifted by real time, keeping the offset of the text. */
export function shifted(iso: string, byMs: number): string {
  const offset = /(Z|[+-]\d{2}:?\d{2})$/.exec(iso)?.[1] ?? 'Z'
  const minutes = offset === 'Z' ? 0 : offsetMinutes(offset)
  const local = new Date(Date.parse(iso) + byMs + minutes * 60_000)
  return local.toISOString().slice(0, 19) + offset
}

function offsetMinutes(offset: string): number {
  const sign = offset.startsWith('-') ? -1 : 1
  const digits = offset.replace(/\D/g, '')
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4)))
}
