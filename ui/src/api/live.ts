// A view of one address that keeps itself fresh: it asks again every few seconds while the page is in sight,
// keeps what it had when an answer fails, and says what is wrong.

import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { ApiError, get, type Trouble } from './client'

export interface Live<T> {
  data: Ref<T | null>
  trouble: Ref<Trouble | null>
  loading: Ref<boolean>
  /** Nothing has come yet and nothing has failed: show the skeleton. */
  waiting: Ref<boolean>
  at: Ref<number | null>
  again: () => void
}

const BACK_OFF_MS_MAX = 60_000

type Fetch<T> = (url: string, outer: AbortSignal) => Promise<{ body: T; changed: boolean }>

export function useLive<T>(url: () => string | null, everyMs = 0, fetched: Fetch<T> = get): Live<T> {
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
    timer = setTimeout(load, Math.min(everyMs * 2 ** failures, BACK_OFF_MS_MAX))
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
  if (everyMs) document.addEventListener('visibilitychange', seen)
  window.addEventListener('online', online)
  watch(url, () => { data.value = null; trouble.value = null; failures = 0; void load() }, { immediate: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    running?.abort()
    document.removeEventListener('visibilitychange', seen)
    window.removeEventListener('online', online)
  })
  const waiting = computed(() => data.value === null && trouble.value === null)
  return { data, trouble, loading, waiting, at, again: () => void load() }
}
