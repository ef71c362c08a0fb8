// The last days as pairs of figures: how many cases were opened, how many closed.
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { get } from '../api/client'
import type { Counts } from '../api/types'
import { wall } from './time'

export const DAYS = 7
const REFRESH_MS = 60_000

export interface DayFigures { day: string; opened: number | null; closed: number | null }

/** The days up to and with the one of `now`, oldest first, as "2026-11-22". */
export function lastDays(now: string, count = DAYS): string[] {
  const { year, month, day } = wall(now)
  return Array.from({ length: count }, (_, i) => new Date(Date.UTC(year, month - 1, day + i - count + 1)).toISOString().slice(0, 10))
}

/** Days that are over do not change any more and are asked for once. */
export function useDays(now: Ref<string>, suffix: Ref<string>): Ref<DayFigures[]> {
  const known = shallowRef(new Map<string, DayFigures>())
  const today = computed(() => now.value.slice(0, 10))
  const total = async (day: string, dates: string) => (await get<Counts>(`/api/v1/counts?state=all&by=stage&from=${day}&to=${day}${dates}${suffix.value}`)).body.total

  async function load() {
    const asked = suffix.value
    for (const day of lastDays(now.value)) {
      if (known.value.has(day) && day !== today.value) continue
      const [opened, closed] = await Promise.all([total(day, ''), total(day, '&dates=closed')])
      if (asked !== suffix.value) return
      known.value = new Map(known.value).set(day, { day, opened, closed })
    }
  }
  // What fails is asked for again with the next round; the page itself says what is wrong.
  const quietly = () => { if (!document.hidden) load().catch(() => undefined) }
  watch(suffix, () => { known.value = new Map(); quietly() })
  watch(today, (day, before) => {
    // The day that was today is counted once more, now that it is over.
    const kept = new Map(known.value)
    kept.delete(before ?? day)
    known.value = kept
    quietly()
  }, { immediate: true })
  const timer = setInterval(quietly, REFRESH_MS)
  onScopeDispose(() => clearInterval(timer))
  return computed(() => lastDays(now.value).map((day) => known.value.get(day) ?? { day, opened: null, closed: null }))
}
