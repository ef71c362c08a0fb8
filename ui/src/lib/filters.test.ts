import { describe, expect, it } from 'vitest'
import { apiQuery, filterCount, filtersFrom, NO_FILTERS, queryOf } from './filters'

describe('filters in the address', () => {
  it('come back as they went', () => {
    const filters = { ...NO_FILTERS, state: 'all' as const, stage: 'handling', item: '0102', area: '3', dates: 'closed' as const, from: '2026-06-01', to: '2026-06-30', late: 'over' as const, bbox: '117.1,34.7,117.3,34.8', at: '2026-06-30', outcome: 'late' as const }
    expect(filtersFrom(queryOf(filters))).toEqual(filters)
  })
  it('leave nothing in the address when nothing is set', () => {
    expect(queryOf(NO_FILTERS)).toEqual({})
    expect(queryOf({ ...NO_FILTERS, dates: 'closed' })).toEqual({})
  })
  it('take no nonsense from an address', () => {
    expect(filtersFrom({ state: 'x', late: ['y'], from: '1.6.2026', bbox: 'a,b', stage: null, item: ['0102', '0103'] })).toEqual({ ...NO_FILTERS, item: '0102' })
  })
  it('reach the server in its words', () => {
    expect(apiQuery({ ...NO_FILTERS, late: 'over' }).toString()).toBe('state=open&overdue=1')
    expect(apiQuery({ ...NO_FILTERS, state: 'all', at: '2026-04-30', late: 'over' }).toString()).toBe('state=all&at=2026-04-30&overdue=1')
    expect(apiQuery({ ...NO_FILTERS, late: 'soon' }).toString()).toBe('state=open&soon=1')
    expect(apiQuery({ ...NO_FILTERS, dates: 'closed' }).toString()).toBe('state=open')
    expect(apiQuery({ ...NO_FILTERS, state: 'closed', dates: 'closed', from: '2026-06-01' }).toString()).toBe('state=closed&from=2026-06-01&dates=closed')
  })
  it('are counted as a person would: a span of time is one', () => {
    expect(filterCount({ ...NO_FILTERS, state: 'all' })).toBe(0)
    expect(filterCount({ ...NO_FILTERS, from: '2026-06-01', to: '2026-06-02', item: '0102' })).toBe(2)
  })
})
