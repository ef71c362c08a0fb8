// One call at the desk: opened, typed, kept on the server while it is typed, and ended.

import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { ApiError, get, type Trouble } from '../api/client'
import type { Text } from '../api/types'
import { act, troubleOf } from '../lib/session'
import { emptyForm, type CallForm, type CallFull, type Earlier, type OpenCall, type Registered } from './types'

const KEEP_AFTER_MS = 900

export type Ended = { how: 'registered'; no: string; link: string } | { how: 'answered' } | { how: 'dropped' }

export function useCall() {
  const id = ref<number | null>(null)
  const number = ref('')
  const openedAt = ref('')
  const earlier = shallowRef<Earlier[]>([])
  const unfinished = shallowRef<OpenCall[]>([])
  const form = reactive<CallForm>(emptyForm())
  const kept = ref<'none' | 'typing' | 'kept' | 'lost'>('none')
  const busy = ref(false)
  const trouble = ref<Trouble | null>(null)
  const fault = ref<{ field: string; detail: Text | string } | null>(null)
  const ended = ref<Ended | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let filling = false

  const path = (what: string) => `/api/v1/phone/calls/${id.value}/${what}`

  /** What failed last is what "again" means. */
  let last: () => Promise<unknown> = async () => {}
  async function run<T>(work: () => Promise<T>, holdsUp = true): Promise<T | null> {
    last = work
    if (holdsUp) busy.value = true
    trouble.value = null
    fault.value = null
    try { return await work() } catch (cause) {
      const it = cause instanceof ApiError ? cause.trouble : troubleOf(cause)
      if (it.kind === 'refused' && it.problem.field) fault.value = { field: it.problem.field, detail: it.problem.detail ?? it.problem.title }
      else trouble.value = it
      return null
    } finally { if (holdsUp) busy.value = false }
  }

  function take(call: CallFull) {
    filling = true
    ended.value = null
    number.value = call.number
    openedAt.value = call.opened_at
    earlier.value = call.earlier
    Object.assign(form, emptyForm(), call.draft ?? {})
    kept.value = call.draft ? 'kept' : 'none'
    id.value = call.id
  }

  // The phone may ring before this is known: a number that is typed meanwhile is taken.
  const listUnfinished = () => run(async () => { unfinished.value = (await get<{ calls: OpenCall[] }>('/api/v1/phone/calls')).body.calls }, false)
  const open = (caller: string) => run(async () => { const said = await act<CallFull>('POST', '/api/v1/phone/calls', { number: caller }); if (said) take(said) })
  const resume = (call: OpenCall) => run(async () => { const said = await act<CallFull>('POST', `/api/v1/phone/calls/${call.id}/resume`, {}); if (said) take(said) })

  async function keep() {
    clearTimeout(timer)
    if (id.value === null) return
    const mine = id.value
    try {
      await act('POST', `/api/v1/phone/calls/${mine}/draft`, { draft: { ...form } })
      if (id.value === mine && kept.value === 'typing') kept.value = 'kept'
    } catch { if (id.value === mine) { kept.value = 'lost'; timer = setTimeout(() => void keep(), KEEP_AFTER_MS * 4) } }
  }
  watch(form, () => {
    if (filling) { filling = false; return }
    if (id.value === null) return
    kept.value = 'typing'
    clearTimeout(timer)
    timer = setTimeout(() => void keep(), KEEP_AFTER_MS)
  }, { deep: true, flush: 'sync' })
  onScopeDispose(() => clearTimeout(timer))

  function end(how: Ended) {
    clearTimeout(timer)
    id.value = null
    ended.value = how
    unfinished.value = []
    earlier.value = []
  }
  const register = () => run(async () => {
    clearTimeout(timer)
    const body = { item: form.item, words: form.words.trim(), address: form.address.trim(), name: form.name.trim(), phone: form.phone.trim(),
      secret: form.secret, nameless: form.nameless, answers: form.answers, ...(form.lat !== null && form.lon !== null ? { lat: form.lat, lon: form.lon } : {}) }
    const said = await act<Registered>('POST', path('report'), body)
    if (said) end({ how: 'registered', no: said.no, link: said.link })
  })
  const answer = () => run(async () => { await act('POST', path('answer'), { item: form.item }); end({ how: 'answered' }) })
  const drop = (reason: string) => run(async () => { await act('POST', path('drop'), { reason }); end({ how: 'dropped' }) })

  const again = () => run(last)

  const place = computed<[number, number] | null>(() => (form.lon !== null && form.lat !== null ? [form.lon, form.lat] : null))
  return { id, number, openedAt, earlier, unfinished, form, kept, busy, trouble, fault, ended, place, listUnfinished, open, resume, register, answer, drop, again }
}
export type CallAtDesk = ReturnType<typeof useCall>
