// A report that is being written. It stays in this browser until it is sent or thrown away, photos too.

import { reactive, ref, watch } from 'vue'
import type { Text } from '../api/types'
import type { Draft } from './draftSteps'
import { clearPhotos, loadPhotos, savePhotos } from './photoStore'

export * from './draftSteps'

const KEY = 'zhili.draft'
const TOKEN_BYTES = 16

function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
const blank = (): Draft => ({ token: newToken(), first: 'what', words: '', item: '', itemName: null, hasAsks: false, answers: {}, lat: null, lon: null, address: '', name: '', phone: '', mail: '', hidden: false })

function stored(): Draft {
  try {
    const old: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    return old && typeof old === 'object' ? { ...blank(), ...old } : blank()
  } catch {
    return blank()
  }
}

export const draft = reactive<Draft>(stored())
export const photos = ref<Blob[]>([])

export async function startDraft(): Promise<void> {
  photos.value = await loadPhotos()
}

watch(draft, (it) => {
  try { localStorage.setItem(KEY, JSON.stringify(it)) } catch { /* a full or closed store: the page still holds it */ }
})
watch(photos, (list) => void savePhotos(list), { deep: true })

export async function dropDraft(): Promise<void> {
  Object.assign(draft, blank())
  photos.value = []
  await clearPhotos()
}

/** Takes a report back to be written on. */
export function takeUp(it: Draft, pictures: Blob[]): void {
  Object.assign(draft, it)
  photos.value = [...pictures]
}

export function formOf(it: Draft, pictures: Blob[]): FormData {
  const form = new FormData()
  const set = (key: string, value: string | number | null) => { if (value !== null && value !== '') form.set(key, String(value)) }
  set('token', it.token)
  set('item', it.item)
  set('lat', it.lat)
  set('lon', it.lon)
  for (const key of ['address', 'words', 'name', 'phone', 'mail'] as const) set(key, it[key].trim())
  if (Object.keys(it.answers).length) set('attributes', JSON.stringify(it.answers))
  if (it.hidden) set('private', '1')
  pictures.forEach((photo, i) => form.append('photo', photo, `photo-${i + 1}.jpg`))
  return form
}

export interface Sending { no: string; token: string; item: Text | null; at: string }
const SENT_KEY = 'zhili.sent'
const SENT_MAX = 30

export function sentReports(): Sending[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(SENT_KEY) ?? '[]')
    return Array.isArray(list) ? (list as Sending[]) : []
  } catch {
    return []
  }
}
export function rememberSent(one: Sending): void {
  try { localStorage.setItem(SENT_KEY, JSON.stringify([one, ...sentReports()].slice(0, SENT_MAX))) } catch { /* the link still works */ }
}
