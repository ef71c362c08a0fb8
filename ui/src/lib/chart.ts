// What part of time a chart shows, and where its lines and ticks stand. No page and no clock in here.

export interface Span { from: number; to: number }
/** Milliseconds since 1970, least, mean, most, how many. */
export type SeriesPoint = [number, number, number, number, number]
export interface Tick { at: number; label: string }

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
export const SPANS = { minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY } as const
export type SpanName = keyof typeof SPANS
export const SPAN_MS_MIN = SECOND
export const SPAN_MS_MAX = 2 * SPANS.year

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

/** `factor` below 1 shows less; the moment at `share` of the width stays where it is. Nothing after `last` is shown. */
export function zoomed(span: Span, factor: number, share: number, last: number): Span {
  const wide = clamp((span.to - span.from) * factor, SPAN_MS_MIN, SPAN_MS_MAX)
  const fixed = span.from + (span.to - span.from) * share
  return within({ from: fixed - wide * share, to: fixed + wide * (1 - share) }, last)
}
export const moved = (span: Span, byMs: number, last: number): Span => within({ from: span.from + byMs, to: span.to + byMs }, last)
function within(span: Span, last: number): Span {
  const over = Math.max(0, span.to - last)
  return { from: Math.round(span.from - over), to: Math.round(span.to - over) }
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY]
const two = (value: number) => String(value).padStart(2, '0')

/** A moment in words as exact as `stepMs` needs, on a clock that is `offsetMs` ahead of UTC. */
export function moment(at: number, stepMs: number, offsetMs: number): string {
  const it = new Date(at + offsetMs)
  const time = `${two(it.getUTCHours())}:${two(it.getUTCMinutes())}`
  if (stepMs < SECOND) return `${time}:${two(it.getUTCSeconds())}.${String(it.getUTCMilliseconds()).padStart(3, '0')}`
  if (stepMs < MINUTE) return `${time}:${two(it.getUTCSeconds())}`
  return time
}
export function day(at: number, offsetMs: number, year = false): string {
  const it = new Date(at + offsetMs)
  return `${year ? `${it.getUTCFullYear()}-` : ''}${two(it.getUTCMonth() + 1)}-${two(it.getUTCDate())}`
}

/** At most about `most` round moments inside of a span. Midnights say their day. */
export function timeTicks(span: Span, most: number, offsetMs: number): Tick[] {
  const least = (span.to - span.from) / Math.max(1, most)
  const step = STEPS.find((one) => one >= least)
  if (step === undefined) return monthTicks(span, Math.ceil(least / (30 * DAY)), offsetMs)
  const ticks: Tick[] = []
  for (let at = Math.ceil((span.from + offsetMs) / step) * step - offsetMs; at <= span.to; at += step)
    ticks.push({ at, label: (at + offsetMs) % DAY === 0 ? day(at, offsetMs) : moment(at, step, offsetMs) })
  return ticks
}
function monthTicks(span: Span, months: number, offsetMs: number): Tick[] {
  const first = new Date(span.from + offsetMs)
  const ticks: Tick[] = []
  for (let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1) - offsetMs
    if (at > span.to) return ticks
    if (at >= span.from) ticks.push({ at, label: `${Math.floor(month / 12)}-${two((month % 12) + 1)}` })
  }
}

/** Round values around all that is shown: a line that hardly moves is not drawn as a storm. */
export function valueTicks(low: number, high: number, most: number): number[] {
  const wide = Math.max(high - low, Math.abs(high) * 0.01, 1e-6)
  const rough = wide / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10)
  const first = Math.floor(low / step)
  const last = Math.max(Math.ceil(high / step), first + 1)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Points in runs that hang together; where nothing came for longer than `gapMs`, the line is broken. */
export function runs(points: SeriesPoint[], gapMs: number): SeriesPoint[][] {
  const out: SeriesPoint[][] = []
  for (const point of points) {
    const run = out[out.length - 1]
    if (run && point[0] - run[run.length - 1]![0] <= gapMs) run.push(point)
    else out.push([point])
  }
  return out
}

/** How far apart points usually stand: half of them are closer. The server chooses that, within what is asked. */
export function usualDistance(points: SeriesPoint[]): number {
  const between = points.slice(1).map((one, i) => one[0] - points[i]![0]).sort((a, b) => a - b)
  return between[between.length >> 1] ?? 0
}

export const STEP_MS: Record<string, number> = { raw: 0, minute: MINUTE, hour: HOUR, day: DAY }

/** The point nearest to a moment; they stand in order. */
export function nearest(points: SeriesPoint[], at: number): SeriesPoint | null {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]![0] < at) low = middle + 1
    else high = middle
  }
  const after = points[low]
  const before = points[low - 1]
  if (!after || !before) return after ?? before ?? null
  return at - before[0] <= after[0] - at ? before : after
}
