// Ways to sign in that this installation has, and the way to a provider and back.

import { shallowRef } from 'vue'
import { get, send } from '../api/client'
import type { WaysToSignIn } from '../api/types'

const NEXT = 'zhili.next'

export const ways = shallowRef<WaysToSignIn>({ providers: [], passkeys_at: '' })

export async function hearWays(): Promise<void> {
  try { ways.value = (await get<WaysToSignIn>('/api/v1/sign-on')).body } catch { /* the password is always there */ }
}

/** Leaves for the provider; afterwards `next` is where the person goes on. */
export async function leaveFor(provider: string, next: string, again = false): Promise<void> {
  const said = await send<{ url: string }>('POST', '/api/v1/sign-on', '', { provider, again })
  sessionStorage.setItem(NEXT, next)
  location.assign(said!.url)
}

/** Where to go on after the provider; a path of this site. */
export function takeNext(): string {
  const kept = sessionStorage.getItem(NEXT) ?? ''
  sessionStorage.removeItem(NEXT)
  return /^\/(?!\/)/.test(kept) ? kept : '/inbox'
}
