import { describe, expect, it } from 'vitest'
import { moved, nearest, runs, SPAN_MS_MAX, SPAN_MS_MIN, SPANS, timeTicks, usualDistance, valueTicks, zoomed, type SeriesPoint } from './chart'

const CHINA = 8 * 3_600_000
const noon = Date.parse('2026-11-21T12:00:00+08:00')
const point = (t: number): SeriesPoint => [t, 1, 2, 3, 1]

describe('the span of a chart', () => {
  it('keeps the moment under the finger where it is', () => {
    const span = { from: noon - SPANS.day, to: noon }
    const near = zoomed(span, 0.5, 0.25, noon)
    const fixed = span.from + SPANS.day / 4
    expect(near.to - near.from).toBe(SPANS.day / 2)
    expect((fixed - near.from) / (near.to - near.from)).toBeCloseTo(0.25)
  })
  it('goes from years to a second and no further', () => {
    let span = { from: noon - SPANS.day, to: noon }
    for (let i = 0; i < 60; i += 1) span = zoomed(span, 0.5, 0.5, noon)
    expect(span.to - span.from).toBe(SPAN_MS_MIN)
    for (let i = 0; i < 60; i += 1) span = zoomed(span, 2, 0.5, noon)
    expect(span.to - span.from).toBe(SPAN_MS_MAX)
  })
  it('never shows what is still to come', () => {
    const later = moved({ from: noon - 1000, to: noon }, 5000, noon)
    expect(later).toEqual({ from: noon - 1000, to: noon })
    const wide = zoomed({ from: noon - 1000, to: noon }, 8, 0, noon)
    expect(wide).toEqual({ from: noon - 8000, to: noon })
  })
})

describe('ticks', () => {
  it('are round on the clock of the city, few, and inside, at every zoom', () => {
    for (let wide = SPAN_MS_MIN; wide <= SPAN_MS_MAX; wide *= 1.7) {
      const span = { from: noon - wide, to: noon }
      const ticks = timeTicks(span, 6, CHINA)
      expect(ticks.length).toBeGreaterThan(0)
      expect(ticks.length).toBeLessThanOrEqual(8)
      for (const tick of ticks) expect(tick.at >= span.from && tick.at <= span.to).toBe(true)
      ticks.forEach((tick, i) => expect(tick.label).not.toBe(ticks[i - 1]?.label))
    }
  })
  it('say the day at midnight and the second when it matters', () => {
    expect(timeTicks({ from: noon - SPANS.day, to: noon }, 8, CHINA).map((tick) => tick.label)).toEqual(['12:00', '15:00', '18:00', '21:00', '11-21', '03:00', '06:00', '09:00', '12:00'])
    expect(timeTicks({ from: noon, to: noon + 10_000 }, 5, CHINA).map((tick) => tick.label)).toEqual(['12:00:00', '12:00:02', '12:00:04', '12:00:06', '12:00:08', '12:00:10'])
    expect(timeTicks({ from: noon - SPANS.year, to: noon }, 4, CHINA).map((tick) => tick.label)).toEqual(['2026-01', '2026-05', '2026-09'])
  })
  it('of values are round and hold all that is shown', () => {
    expect(valueTicks(0.2, 9.7, 5)).toEqual([0, 2, 4, 6, 8, 10])
    expect(valueTicks(5, 5, 4).length).toBeGreaterThan(1)
    const ticks = valueTicks(-3.2, 1.1, 4)
    expect(ticks[0]).toBeLessThanOrEqual(-3.2)
    expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(1.1)
  })
})

describe('points', () => {
  it('break where nothing came', () => {
    expect(runs([0, 10, 20, 90, 100].map(point), 30).map((run) => run.length)).toEqual([3, 2])
    expect(runs([], 30)).toEqual([])
  })
  it('have a usual distance that a hole does not change', () => {
    expect(usualDistance([0, 10, 20, 500, 510].map(point))).toBe(10)
    expect(usualDistance([point(1)])).toBe(0)
  })
  it('are found by time', () => {
    const points = [0, 10, 20].map(point)
    expect(nearest(points, 14)?.[0]).toBe(10)
    expect(nearest(points, 16)?.[0]).toBe(20)
    expect(nearest(points, -5)?.[0]).toBe(0)
    expect(nearest([], 1)).toBeNull()
  })
})
