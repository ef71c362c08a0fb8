// Who is signed in here, and what they may be.

import { computed, ref, shallowRef } from 'vue'
import { ApiError, forgetAnswers, get, send, type Trouble } from '../api/client'
import type { Session } from '../api/types'
import { askProof } from './proof'

export const session = shallowRef<Session | null>(null)
/** False until the server has said whether anybody is signed in. */
export const sessionHeard = ref(false)
export const signedIn = computed(() => session.value !== null && !session.value.must_change)
export const hasRole = (role: string) => session.value?.grants.some((grant) => grant.role === role) ?? false

const troubleOf = (cause: unknown): Trouble => (cause instanceof ApiError ? cause.trouble : { kind: 'broken', status: 0 })

function take(said: Session | { login: null } | null): void {
  session.value = said && said.login !== null ? said : null
  sessionHeard.value = true
}

export async function hearSession(): Promise<void> {
  try { take((await get<Session | { login: null }>('/api/v1/session')).body) } catch { /* the next page asks again */ }
}

/** What went wrong, or nothing. */
export async function signIn(login: string, password: string): Promise<Trouble | null> {
  try {
    const said = await send<Session>('POST', '/api/v1/session', '', { login, password })
    forgetAnswers()
    take(said)
    return null
  } catch (cause) { return troubleOf(cause) }
}

/** The same by another way than the password: `enter` gives the session, and throws what went wrong. */
export async function signInBy(enter: () => Promise<Session | null>): Promise<void> {
  const said = await enter()
  forgetAnswers()
  take(said)
}

export async function choosePassword(before: string, after: string): Promise<Trouble | null> {
  try {
    take(await send<Session>('POST', '/api/v1/session/password', session.value?.csrf ?? '', { old_password: before, password: after }))
    return null
  } catch (cause) { return troubleOf(cause) }
}

/** Signed out here even if the server cannot be reached; there the session ends by itself after some hours. */
export async function signOut(): Promise<void> {
  const csrf = session.value?.csrf ?? ''
  session.value = null
  forgetAnswers()
  const said = await send<{ onward: string | null }>('DELETE', '/api/v1/session', csrf).catch(() => null)
  if (said?.onward) location.assign(said.onward)  // the provider that signed them in knows them still
}

/** Does something in this person's name. A session that is over ends here too, so that the page asks to sign in. */
export async function act<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object | FormData): Promise<T | null> {
  try {
    return await send<T>(method, url, session.value?.csrf ?? '', body)
  } catch (cause) {
    const code = cause instanceof ApiError && cause.trouble.kind === 'refused' ? cause.trouble.problem.code : ''
    if (code === 'session.none') take(null)
    if (code === 'session.proof' && (await askProof())) return send<T>(method, url, session.value?.csrf ?? '', body)
    throw cause
  }
}
export { troubleOf }
