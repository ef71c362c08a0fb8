import { describe, expect, it } from 'vitest'
import { asPrinted, codeState, plainCode } from './claim'

describe('a claim code', () => {
  it('is shown as it is printed, however it is typed', () => {
    for (const typed of ['k7qf2m9xrt4c', 'K7QF 2M9X RT4C', 'k7qf-2m9x-rt4c', ' K7QF-2M9XRT4C9999']) expect(asPrinted(typed)).toBe('K7QF-2M9X-RT4C')
    expect(asPrinted('k7q')).toBe('K7Q')
    expect(asPrinted('k7qf')).toBe('K7QF')
    expect(asPrinted('oil')).toBe('011')
    expect(plainCode('K7QF-2M9X-RT4C')).toBe('K7QF2M9XRT4C')
  })
  it('tells what it lacks and what it cannot have', () => {
    expect(codeState('K7QF-2M9X')).toEqual({ missing: 4, strange: '' })
    expect(codeState('K7QF-2M9X-RT4C')).toEqual({ missing: 0, strange: '' })
    expect(codeState('K7U').strange).toBe('U')
    expect(codeState('K7码').strange).toBe('码')
  })
})
