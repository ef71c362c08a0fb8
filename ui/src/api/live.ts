// A view of one address that keeps itself fresh while the page is in sight: it asks again when something happened in the city,
// or, where events cannot be had, every few seconds. It keeps what it had when an answer fails, and says what is wrong.

import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { ApiError, get, type Trouble } from './client'
import { eventsOf, type Happened } from './events'

export interface Live<T> {
  data: Ref<T | null>
  trouble: Ref<Trouble | null>
  loading: Ref<boolean>
  /** Nothing has come yet and nothing has failed: show the skeleton. */
  waiting: Ref<boolean>
  at: Ref<number | null>
  again: () => void
}

const events = eventsOf(() => new EventSource('/api/v1/events'), document)

const BACK_OFF_MS_MAX = 60_000
/** What only time changes (a case becomes late) is looked at so often while events come. */
const WITH_EVENTS_MS = 60_000
/** All who look at the city would ask in the same moment: each waits a part of this. */
const SPREAD_MS = 400

type Fetch<T> = (url: string, outer: AbortSignal) => Promise<{ body: T; changed: boolean }>

/** `everyMs`: how often it may ask again; 0: once. `about`: whether an event may have changed the answer.
 *  `steady`: it changes without events, and is asked again as often whether they come or not. */
export function useLive<T>(url: () => string | null, everyMs = 0, fetched: Fetch<T> = get, about: (happened: Happened) => boolean = () => true, steady = false): Live<T> {
  const data = shallowRef<T | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  const loading = shallowRef(false)
  const at = shallowRef<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | undefined
  let failures = 0

  const plan = () => {
    clearTimeout(timer)
    if (!everyMs || document.hidden) return
    const pause = events.connected.value && !steady ? Math.max(everyMs, WITH_EVENTS_MS) : everyMs
    timer = setTimeout(load, Math.max(pause, Math.min(everyMs * 2 ** failures, BACK_OFF_MS_MAX)))
  }

  let soon: ReturnType<typeof setTimeout> | undefined
  const happened = (what: Happened | null) => {
    if (soon !== undefined || document.hidden || (what && !about(what))) return
    const rest = at.value === null ? 0 : at.value + everyMs - Date.now()
    soon = setTimeout(() => { soon = undefined; void load() }, Math.max(rest, 0) + Math.random() * SPREAD_MS)
  }

  async function load() {
    const address = url()
    running?.abort()
    if (!address) return
    const mine = (running = new AbortController())
    loading.value = true
    try {
      const answer = await fetched(address, mine.signal)
      if (mine !== running) return
      if (answer.changed || data.value === null) data.value = answer.body
      trouble.value = null
      failures = 0
      at.value = Date.now()
    } catch (cause) {
      if (mine !== running || mine.signal.aborted) return
      trouble.value = cause instanceof ApiError ? cause.trouble : { kind: 'broken', status: 0 }
      failures += 1
    } finally {
      if (mine === running) {
        loading.value = false
        plan()
      }
    }
  }

  const seen = () => (document.hidden ? clearTimeout(timer) : void load())
  const online = () => void load()
  const deaf = everyMs ? events.listen(happened) : () => {}
  if (everyMs) document.addEventListener('visibilitychange', seen)
  window.addEventListener('online', online)
  watch(url, () => { data.value = null; trouble.value = null; failures = 0; void load() }, { immediate: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    clearTimeout(soon)
    deaf()
    running?.abort()
    document.removeEventListener('visibilitychange', seen)
    window.removeEventListener('online', online)
  })
  const waiting = computed(() => data.value === null && trouble.value === null)
  return { data, trouble, loading, waiting, at, again: () => void load() }
}

/** What devices say changes all the time and is no event of the city. */
export const useReadings = <T>(url: () => string | null, everyMs: number): Live<T> => useLive<T>(url, everyMs, get, () => false, true)
