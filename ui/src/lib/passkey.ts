// Passkeys: between what the server asks for and what the browser's authenticator answers.

import { send } from '../api/client'
import type { PasskeyAsked, Session } from '../api/types'

/** The authenticator gave nothing: the person turned away, the time was over, or there is no key. */
export class NoPasskey extends Error {}

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
const toText = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const MS = 1000

/** Whether a passkey of this name of a host can be used on this page. */
export function passkeysWork(host: string): boolean {
  const here = location.hostname
  return Boolean(window.PublicKeyCredential) && window.isSecureContext && (here === host || here.endsWith(`.${host}`))
}

async function chosen(wait: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const one = await wait
    if (one instanceof PublicKeyCredential) return one
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause
  }
  throw new NoPasskey()
}

export async function makePasskey(csrf: string, name: string): Promise<void> {
  const asked = (await send<PasskeyAsked>('POST', '/api/v1/passkeys/challenge', csrf))!
  const made = await chosen(navigator.credentials.create({ publicKey: {
    challenge: toBytes(asked.challenge), rp: { id: asked.rp_id, name: document.title }, timeout: asked.timeout_s * MS, attestation: 'none',
    user: { id: toBytes(asked.user!.id), name: asked.user!.name, displayName: asked.user!.name },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key' as const, alg })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: (asked.credentials ?? []).map((id) => ({ type: 'public-key' as const, id: toBytes(id) })),
  } }))
  const answer = made.response as AuthenticatorAttestationResponse
  await send('POST', '/api/v1/passkeys', csrf, { name, client_data: toText(answer.clientDataJSON), authenticator_data: toText(answer.getAuthenticatorData()) })
}

async function answered(asked: PasskeyAsked) {
  const used = await chosen(navigator.credentials.get({ publicKey: {
    challenge: toBytes(asked.challenge), rpId: asked.rp_id, timeout: asked.timeout_s * MS, userVerification: 'required',
    allowCredentials: (asked.credentials ?? []).map((id) => ({ type: 'public-key' as const, id: toBytes(id) })),
  } }))
  const answer = used.response as AuthenticatorAssertionResponse
  return { credential: toText(used.rawId), client_data: toText(answer.clientDataJSON), authenticator_data: toText(answer.authenticatorData),
    signature: toText(answer.signature), ...(answer.userHandle ? { user: toText(answer.userHandle) } : {}) }
}

export async function enterByPasskey(): Promise<Session | null> {
  const asked = (await send<PasskeyAsked>('POST', '/api/v1/session/passkey/challenge', ''))!
  return send<Session>('POST', '/api/v1/session/passkey', '', await answered(asked))
}

export async function proveByPasskey(csrf: string): Promise<void> {
  const asked = (await send<PasskeyAsked>('POST', '/api/v1/session/proof/passkey/challenge', csrf))!
  if (!asked.credentials?.length) throw new NoPasskey()
  await send('POST', '/api/v1/session/proof/passkey', csrf, await answered(asked))
}
