import { describe, expect, it } from 'vitest'
import { barOf, highestFirst, type NewestReading } from './dashboards'

const at = (name: string, value: number | boolean | string | null): NewestReading => ({ device: name, name, area_name: null, state: 'active', datastream: 1, last: value === null ? null : { at: '', value, quality: [] } })

describe('a panel of newest readings', () => {
  it('has the highest on top and what says nothing at the end', () => {
    expect(highestFirst([at('a', 2), at('b', null), at('c', 31.5), at('d', -1)]).map((one) => one.name)).toEqual(['c', 'a', 'd', 'b'])
    expect(highestFirst([at('a', false), at('b', true)]).map((one) => one.name)).toEqual(['b', 'a'])
  })
  it('draws bars that never leave their frame', () => {
    expect(barOf(15, [0, 300], 30)).toBe(0.5)
    expect(barOf(-10, [-20, 120], 20)).toBe(0.25)
    for (const value of [1e9, -1e9, NaN, Infinity, true, 'x', null]) for (const most of [0, 5]) {
      const bar = barOf(value, null, most)
      expect(bar >= 0 && bar <= 1).toBe(true)
    }
  })
})
