import { describe, expect, it } from 'vitest'
import type { Audience, Entry } from '../api/types'
import { storyDays, systemCount } from './story'

const entry = (seq: number, at: string, audience: Audience = 'public'): Entry => ({ seq, at, kind: 'x', who: null, sentence: { zh: `${seq}`, en: `${seq}` }, audience })
const seqs = (story: Entry[], withSystem: boolean) => storyDays(story, withSystem).map((day) => day.entries.map((one) => one.seq))

describe('the story', () => {
  const story = [entry(3, '2026-06-02T09:00:00+08:00'), entry(1, '2026-06-01T08:00:00+08:00'), entry(2, '2026-06-01T08:00:00+08:00', 'system'), entry(4, '2026-06-03T10:00:00+08:00', 'system')]

  it('runs downward in time, in the order of the ledger within one instant, cut into days', () => {
    expect(seqs(story, true)).toEqual([[1, 2], [3], [4]])
  })
  it('hides system entries but says on which day something is hidden', () => {
    const days = storyDays(story, false)
    expect(days.map((day) => [day.entries.length, day.hidden])).toEqual([[1, 1], [1, 0], [0, 1]])
    expect(systemCount(story)).toBe(2)
  })
  it('takes the day from the wall clock of the city', () => {
    expect(storyDays([entry(1, '2026-06-01T23:30:00+08:00'), entry(2, '2026-06-02T00:10:00+08:00')], true).map((day) => day.day)).toEqual(['2026-06-01', '2026-06-02'])
  })
  it('leaves the given list as it was', () => {
    const given = [...story]
    storyDays(given, true)
    expect(given).toEqual(story)
  })
})
