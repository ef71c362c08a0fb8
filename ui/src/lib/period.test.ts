import { describe, expect, it } from 'vitest'
import { changedKind, kindOf, moved, periodOf, spanOf } from './period'

describe('a period', () => {
  it('is the one that holds a day', () => {
    expect([...(['day', 'week', 'month', 'quarter', 'year'] as const)].map((kind) => periodOf(kind, '2026-07-12'))).toEqual(['2026-07-12', '2026-W28', '2026-07', '2026-Q3', '2026'])
    expect(periodOf('week', '2025-12-29')).toBe('2026-W01')
    expect(periodOf('week', '2027-01-03')).toBe('2026-W53')
  })
  it('moves on and back by one', () => {
    for (const [one, next] of [['2026', '2027'], ['2026-Q4', '2027-Q1'], ['2026-12', '2027-01'], ['2026-W53', '2027-W01'], ['2024-02-29', '2024-03-01']] as const) {
      expect(moved(one, 1)).toBe(next)
      expect(moved(next, -1)).toBe(one)
    }
  })
  it('stays around today when its length changes', () => {
    expect(changedKind('2026', 'month', '2026-07-12')).toBe('2026-07')
    expect(changedKind('2025', 'month', '2026-07-12')).toBe('2025-01')
    expect(changedKind('2025-03', 'quarter', '2026-07-12')).toBe('2025-Q1')
  })
  it('is told from other words', () => {
    expect([kindOf('2026-W28'), kindOf('2026-Q5'), kindOf('now')]).toEqual(['week', null, null])
  })
  it('may be a span of days, which moves by its own length', () => {
    expect(moved('2026-02-26/2026-03-02', 1)).toBe('2026-03-03/2026-03-07')
    expect(moved('2026-03-03/2026-03-07', -1)).toBe('2026-02-26/2026-03-02')
    expect(changedKind('2026-03-03/2026-03-07', 'quarter', '2026-07-12')).toBe('2026-Q1')
    expect([spanOf('2026-03-07/2026-03-03'), spanOf('2026-03'), spanOf('2026-03-03/2026-03-03')]).toEqual([null, null, ['2026-03-03', '2026-03-03']])
  })
})
