// The story of a case: days downward, entries within a day, system entries shown or counted.

import type { Entry } from '../api/types'
import { dayKey } from './time'

export interface StoryDay { day: string; first: string; entries: Entry[]; hidden: number }

/** In the order of time (the ledger's order within one instant), cut into days. A day of which nothing is left to
 *  show still says how much is hidden. */
export function storyDays(story: Entry[], withSystem: boolean): StoryDay[] {
  const ordered = [...story].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.seq - b.seq)
  const days: StoryDay[] = []
  for (const entry of ordered) {
    const day = dayKey(entry.at)
    let last = days[days.length - 1]
    if (last?.day !== day) days.push((last = { day, first: entry.at, entries: [], hidden: 0 }))
    if (!withSystem && entry.audience === 'system') last.hidden += 1
    else last.entries.push(entry)
  }
  return days
}

export const systemCount = (story: Entry[]): number => story.filter((entry) => entry.audience === 'system').length
