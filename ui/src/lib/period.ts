// Periods as the server writes them: "2026", "2026-Q3", "2026-07", "2026-W28", "2026-07-12", and a span of days "2026-07-03/2026-07-12".
import type { PeriodKind } from '../api/evaluation'

const DAY_MS = 86_400_000
const two = (value: number) => String(value).padStart(2, '0')
const dayOf = (text: string) => Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))) / DAY_MS
const textOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Monday of the ISO week with 4 January. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4) / DAY_MS
  return fourth - ((new Date(fourth * DAY_MS).getUTCDay() + 6) % 7)
}
function weekOf(day: number): string {
  const year = new Date(day * DAY_MS).getUTCFullYear()
  const of = day < firstMonday(year) ? year - 1 : day >= firstMonday(year + 1) ? year + 1 : year
  return `${of}-W${two(Math.floor((day - firstMonday(of)) / 7) + 1)}`
}

/** The period of a kind that holds a day ("2026-07-12"). */
export function periodOf(kind: PeriodKind, date: string): string {
  switch (kind) {
    case 'day': return date.slice(0, 10)
    case 'week': return weekOf(dayOf(date))
    case 'month': return date.slice(0, 7)
    case 'quarter': return `${date.slice(0, 4)}-Q${Math.floor((Number(date.slice(5, 7)) - 1) / 3) + 1}`
    case 'year': return date.slice(0, 4)
  }
}

/** What kind a text is; nothing for a text that is no period. */
export function kindOf(period: string): PeriodKind | null {
  if (/^\d{4}$/.test(period)) return 'year'
  if (/^\d{4}-Q[1-4]$/.test(period)) return 'quarter'
  if (/^\d{4}-W\d{2}$/.test(period)) return 'week'
  if (/^\d{4}-\d{2}$/.test(period)) return 'month'
  return /^\d{4}-\d{2}-\d{2}$/.test(period) ? 'day' : null
}

/** The first and the last day of a span; nothing for a text that is none. */
export function spanOf(period: string): [string, string] | null {
  const [from = '', to = '', ...more] = period.split('/')
  return !more.length && kindOf(from) === 'day' && kindOf(to) === 'day' && from <= to ? [from, to] : null
}

/** Its first day. */
function beginOf(period: string): string {
  const year = Number(period.slice(0, 4))
  switch (kindOf(period)) {
    case 'year': return `${period}-01-01`
    case 'quarter': return `${year}-${two((Number(period.slice(6)) - 1) * 3 + 1)}-01`
    case 'week': return textOf(firstMonday(year) + (Number(period.slice(6)) - 1) * 7)
    case 'month': return `${period}-01`
    default: return period
  }
}

/** The period before (-1) or after (1). */
export function moved(period: string, by: -1 | 1): string {
  const span = spanOf(period)
  if (span) {
    const [from, to] = [dayOf(span[0]), dayOf(span[1])]
    const days = (to - from + 1) * by
    return `${textOf(from + days)}/${textOf(to + days)}`
  }
  const kind = kindOf(period)
  if (!kind) return period
  const begin = dayOf(beginOf(period))
  if (by < 0) return periodOf(kind, textOf(begin - 1))
  const length = { day: 1, week: 7, month: 32, quarter: 95, year: 367 }[kind]
  return periodOf(kind, textOf(begin + length))
}

/** Another length of period around the same time: around today where the one before holds today. */
export function changedKind(period: string, kind: PeriodKind, today: string): string {
  const was = kindOf(period)
  return periodOf(kind, was && periodOf(was, today) === period ? today : beginOf(period))
}
