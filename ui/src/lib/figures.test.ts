import { describe, expect, it } from 'vitest'
import { change, isBetter, shownChange, shownValue } from './figures'

describe('a figure', () => {
  it('is shown in its unit', () => {
    expect([shownValue(0.98361, 'share'), shownValue(0.5, 'times'), shownValue(133.33, 'hours'), shownValue(null, 'share')]).toEqual(['98.4%', '0.5', '133.3', '–'])
  })
  it('changes by points of a share, and by itself else', () => {
    expect(shownChange(change(0.75, 0.5, 'share'), 'share')).toBe('+25')
    expect(shownChange(change(0.5, 0.5004, 'share'), 'share')).toBe('±0')
    expect(shownChange(change(10, 12.5, 'hours'), 'hours')).toBe('−2.5')
    expect(shownChange(change(null, 1, 'share'), 'share')).toBe('–')
  })
  it('says whether that is better', () => {
    expect([isBetter(3, 'more'), isBetter(3, 'less'), isBetter(0, 'more'), isBetter(null, 'more')]).toEqual([true, false, null, null])
  })
})
