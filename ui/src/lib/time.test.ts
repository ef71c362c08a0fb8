import { describe, expect, it } from 'vitest'
import { lastDays } from './days'
import { dayWords, shifted, when } from './time'

const NOW = '2026-03-01T00:30:00+08:00'

describe('times as people say them', () => {
  it('reads the wall clock of the city, whatever the zone of the reader', () => {
    expect(when('2026-03-01T00:05:00+08:00', NOW, 'zh')).toBe('今天 00:05')
    expect(when('2026-02-28T23:59:00+08:00', NOW, 'zh')).toBe('昨天 23:59')
    expect(when('2026-02-28T23:59:00-05:00', NOW, 'en')).toBe('yesterday 23:59')
  })
  it('names the date further off, with the year when it is another one', () => {
    expect(dayWords('2026-02-20', NOW, 'zh')).toBe('2 月 20 日')
    expect(dayWords('2025-12-31', NOW, 'en')).toBe('31 Dec 2025')
    expect(dayWords('2026-03-02', NOW, 'en')).toBe('tomorrow')
  })
  it('moves on without losing the offset', () => {
    expect(shifted('2026-02-28T23:59:30+08:00', 60_000)).toBe('2026-03-01T00:00:30+08:00')
    expect(shifted('2026-01-01T00:00:00-05:00', -1000)).toBe('2025-12-31T23:59:59-05:00')
    expect(shifted('2026-01-01T00:00:00Z', 1000)).toBe('2026-01-01T00:00:01Z')
  })
  it('counts days back over the end of a month', () => {
    expect(lastDays(NOW, 3)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  })
})
