import { expect, test } from 'vitest'
import { clauses, overTime } from './rules'

test('a rule is shown clause by clause, and colons inside of a condition stay', () => {
  expect(clauses('raise: value > 15 cm for 3 min\nduring: between 22:00 and 06:00')).toEqual([{ key: 'raise', condition: 'value > 15 cm for 3 min' }, { key: 'during', condition: 'between 22:00 and 06:00' }])
  expect(clauses('')).toEqual([])
})
test('times fall into the pieces of their span, and what is outside into none', () => {
  const at = (hour: number) => ({ at: `2026-06-01T${String(hour).padStart(2, '0')}:00:00Z` })
  const from = Date.parse('2026-06-01T00:00:00Z')
  expect(overTime([at(0), at(1), at(23), { at: '2026-06-02T00:00:00Z' }], from, from + 86_400_000, 4)).toEqual([2, 0, 0, 1])
  expect(overTime([at(0)], from, from, 2)).toEqual([0, 0])
})
