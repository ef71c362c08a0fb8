// One way to ask the server. An answer that has not changed costs a 304 and no parsing.

import type { Problem } from './types'

const ANSWER_WAIT_MS = 15_000
/** Four photos over a poor line take their time. */
const SEND_WAIT_MS = 120_000
const KEPT_ANSWERS = 60

export type Trouble =
  | { kind: 'offline' }
  | { kind: 'slow' }
  | { kind: 'missing' }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'broken'; status: number }

export class ApiError extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.kind)
  }
}

interface Kept { etag: string; body: unknown }
const kept = new Map<string, Kept>()

function keep(url: string, answer: Kept): void {
  kept.delete(url)
  kept.set(url, answer)
  const oldest = kept.keys().next()
  if (kept.size > KEPT_ANSWERS && !oldest.done) kept.delete(oldest.value)
}

async function problemOf(answer: Response): Promise<ApiError> {
  const body = (await answer.json().catch(() => null)) as Problem | null
  if (answer.status === 404) return new ApiError({ kind: 'missing' })
  if (body && typeof body.code === 'string') return new ApiError({ kind: 'refused', problem: body })
  return new ApiError({ kind: 'broken', status: answer.status })
}

async function ask(url: string, init: RequestInit, waitMs: number, outer?: AbortSignal): Promise<Response> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), waitMs)
  const stop = () => limit.abort()
  outer?.addEventListener('abort', stop)
  try {
    return await fetch(url, { ...init, signal: limit.signal })
  } catch (cause) {
    if (outer?.aborted) throw cause
    throw new ApiError({ kind: limit.signal.aborted ? 'slow' : 'offline' })
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', stop)
  }
}

/** `changed` is false when the server said that its last answer still holds; `keptAt` is when an answer came that the
 *  service worker gives instead of a server out of reach, in ms since 1970. */
export interface Answer<T> { body: T; changed: boolean; keptAt: number | null }

export async function get<T>(url: string, outer?: AbortSignal): Promise<Answer<T>> {
  const old = kept.get(url)
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (old) headers['If-None-Match'] = old.etag
  const answer = await ask(url, { headers, cache: 'no-store' }, ANSWER_WAIT_MS, outer)
  if (answer.status === 304 && old) return { body: old.body as T, changed: false, keptAt: null }
  if (!answer.ok) throw await problemOf(answer)
  const body = (await answer.json()) as T
  const etag = answer.headers.get('ETag')
  if (etag) keep(url, { etag, body })
  const keptAt = Number(answer.headers.get('X-Kept-At'))
  return { body, changed: true, keptAt: keptAt || null }
}

/** What was heard for one person is not for the next. */
export function forgetAnswers(): void { kept.clear() }

/** A request in somebody's name. `csrf`: their session's token; the cookie alone is not enough to change anything. */
export async function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, csrf: string, body?: object | FormData): Promise<T | null> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRF-Token': csrf }
  const form = body instanceof FormData
  if (body && !form) headers['Content-Type'] = 'application/json'
  const answer = await ask(url, { method, headers, body: form ? body : body && JSON.stringify(body) }, SEND_WAIT_MS)
  if (!answer.ok) throw await problemOf(answer)
  return answer.status === 204 ? null : ((await answer.json()) as T)
}

export async function post<T>(url: string, form: FormData): Promise<T> {
  const answer = await ask(url, { method: 'POST', body: form, headers: { Accept: 'application/json' } }, SEND_WAIT_MS)
  if (!answer.ok) throw await problemOf(answer)
  return (await answer.json()) as T
}
