// Reports that are written and not yet with the server. Each waits in the browser's own database, so that a lost network
// or a closed page loses none. Its token makes a second sending, after an answer that never came, the same report.

import { onScopeDispose, shallowRef } from 'vue'
import { ApiError, post, type Trouble } from '../api/client'
import type { Problem, Sent } from '../api/types'
import { now } from './city'
import { within } from './device'
import { formOf, rememberSent, type Draft } from './draft'

export interface Outgoing {
  /** The city's time when it was written. */
  at: string
  draft: Draft
  photos: Blob[]
  /** Why the server will not have it as it is; null while it only waits. */
  refused: Problem | null
  /** False where the browser keeps nothing (a private window, a full disk): then only this page has it. */
  kept: boolean
}

const RETRY_MS = 5_000
const RETRY_MS_MAX = 60_000

/** Oldest first. */
export const outbox = shallowRef<Outgoing[]>([])
/** Why the last attempt did not come through. */
export const sendTrouble = shallowRef<Trouble | null>(null)

export const inOutbox = (token: string) => outbox.value.find((it) => it.draft.token === token)
const keep = (it: Outgoing) => within('outbox', 'readwrite', (store) => store.put(it, it.draft.token)).then(() => true, () => false)

/** On this device's disk when the promise holds, unless `kept` says otherwise. */
export async function putInOutbox(draft: Draft, photos: Blob[]): Promise<void> {
  const plain = JSON.parse(JSON.stringify(draft)) as Draft
  const it: Outgoing = { at: now.value, draft: plain, photos: [...photos], refused: null, kept: true }
  it.kept = await keep(it)
  outbox.value = [...outbox.value.filter((one) => one.draft.token !== plain.token), it]
}

/** One that cannot be taken out of the database comes back with the next visit, and is sent as the same report again. */
export async function dropFromOutbox(token: string): Promise<void> {
  await within('outbox', 'readwrite', (store) => store.delete(token)).catch(() => undefined)
  outbox.value = outbox.value.filter((it) => it.draft.token !== token)
}

/** What the server refuses stays, with the reason; anything else waits for the next attempt. */
async function attempt(it: Outgoing): Promise<void> {
  try {
    const sent = await post<Sent>('/api/v1/signals', formOf(it.draft, it.photos))
    sendTrouble.value = null
    rememberSent({ no: sent.no, token: it.draft.token, item: it.draft.itemName, at: it.at })
    await dropFromOutbox(it.draft.token)
  } catch (cause) {
    const trouble: Trouble = cause instanceof ApiError ? cause.trouble : { kind: 'broken', status: 0 }
    if (trouble.kind !== 'refused') { sendTrouble.value = trouble; return }
    const refused = { ...it, refused: trouble.problem }
    outbox.value = outbox.value.map((one) => (one.draft.token === it.draft.token ? refused : one))
    await keep(refused)
  }
}

let sending: Promise<void> | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0

const waiting = () => outbox.value.filter((it) => !it.refused)

async function sendEach(): Promise<void> {
  const tried = new Set<string>()
  for (let it; (it = waiting().find((one) => !tried.has(one.draft.token)));) {
    tried.add(it.draft.token)
    await attempt(it)
  }
  failures = waiting().length ? failures + 1 : 0
  clearTimeout(timer)
  if (failures) timer = setTimeout(() => void sendAll(), Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MS_MAX))
}

/** Tries everything that waits; a call during an attempt joins it. */
export function sendAll(): Promise<void> {
  sending ??= sendEach().finally(() => { sending = null })
  return sending
}

/** Brings back what waits from earlier visits, and sends whenever there may be a network again, for as long as the caller lives. */
export function useOutbox(): void {
  const again = () => { if (!document.hidden && waiting().length) void sendAll() }
  within<Outgoing[]>('outbox', 'readonly', (store) => store.getAll())
    .then((kept) => {
      outbox.value = [...kept.filter((it) => !inOutbox(it.draft.token)).sort((a, b) => a.at.localeCompare(b.at)), ...outbox.value]
      again()
    })
    .catch(() => undefined)
  window.addEventListener('online', again)
  document.addEventListener('visibilitychange', again)
  onScopeDispose(() => {
    clearTimeout(timer)
    window.removeEventListener('online', again)
    document.removeEventListener('visibilitychange', again)
  })
}
