import { describe, expect, it } from 'vitest'
import { endOf, fromField, toField, windowsInOrder, type MaintenanceWindow } from './maintenance'

const made = (id: string, state: MaintenanceWindow['state'], begins: string, ends: string): MaintenanceWindow => ({ id, state, begins, ends, thing: 1, place: null, rule: null, type: null, area: null, reason: '', by: '' })

describe('a maintenance window', () => {
  it('is set on the city\'s clock, whatever the reader\'s machine thinks', () => {
    const now = '2026-07-01T23:30:15+08:00'
    expect(toField(now)).toBe('2026-07-01T23:30')
    expect(fromField('2026-07-02T01:00', now)).toBe('2026-07-02T01:00:00+08:00')
    expect(fromField('2026-07-02', now)).toBeNull()
    expect(endOf(now, 2)).toBe('2026-07-02T01:30:15+08:00')
  })
  it('stands where it matters: open ones by their end, then planned ones, then what is over', () => {
    const list = [made('over', 'over', '2026-07-01T00:00:00Z', '2026-07-01T02:00:00Z'), made('later', 'planned', '2026-07-09T00:00:00Z', '2026-07-10T00:00:00Z'), made('long', 'open', '2026-07-01T00:00:00Z', '2026-07-08T00:00:00Z'),
      made('soon', 'planned', '2026-07-03T00:00:00Z', '2026-07-20T00:00:00Z'), made('short', 'open', '2026-07-02T00:00:00Z', '2026-07-02T08:00:00Z'), made('newer', 'over', '2026-06-30T00:00:00Z', '2026-07-01T05:00:00Z')]
    expect(windowsInOrder(list).map((one) => one.id)).toEqual(['short', 'long', 'soon', 'later', 'newer', 'over'])
  })
})
