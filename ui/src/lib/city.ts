// The city that this installation serves, and its clock (which runs faster in a demonstration).

import { onScopeDispose, ref, shallowRef } from 'vue'
import { get } from '../api/client'
import type { Area, City } from '../api/types'
import { shifted } from './time'

export const city = shallowRef<City | null>(null)
export const areas = shallowRef<Area[]>([])
/** The city's time now, ISO; moves on once a second. */
export const now = ref(new Date().toISOString())

const RESYNC_MS = 30_000
let heardAt = 0

function tick(): void {
  if (!city.value) return
  now.value = shifted(city.value.now, (performance.now() - heardAt) * (city.value.demo?.speed ?? 1))
}

async function hear(): Promise<void> {
  const answer = await get<City>('/api/v1/city')
  if (!answer.changed) return
  heardAt = performance.now() - (answer.keptAt ? Math.max(0, Date.now() - answer.keptAt) : 0)
  city.value = answer.body
  tick()
}

async function hearAreas(): Promise<void> {
  areas.value = (await get<{ areas: Area[] }>('/api/v1/areas')).body.areas
}

/** Keeps city, areas and time for as long as the caller lives. */
export function useCity(): void {
  const quiet = () => { /* pages say what is wrong; here the next try is enough */ }
  const refresh = () => {
    if (document.hidden) return
    hear().catch(quiet)
    if (!areas.value.length) hearAreas().catch(quiet)
  }
  refresh()
  const seconds = setInterval(tick, 1000)
  const minutes = setInterval(refresh, RESYNC_MS)
  document.addEventListener('visibilitychange', refresh)
  onScopeDispose(() => {
    clearInterval(seconds)
    clearInterval(minutes)
    document.removeEventListener('visibilitychange', refresh)
  })
}
