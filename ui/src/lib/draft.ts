// A report that is being written. It stays in this browser until it is sent or thrown away, photos too.

import { reactive, ref, watch } from 'vue'
import type { Text } from '../api/types'
import { clearPhotos, loadPhotos, savePhotos } from './photoStore'

export type First = 'what' | 'place'
export type Step = 'what' | 'item' | 'ask' | 'place' | 'send'

export interface Draft {
  first: First
  words: string
  item: string
  itemName: Text | null
  hasAsks: boolean
  answers: Record<string, string>
  lat: number | null
  lon: number | null
  address: string
  name: string
  phone: string
  mail: string
}

const KEY = 'zhili.draft'
const blank = (): Draft => ({ first: 'what', words: '', item: '', itemName: null, hasAsks: false, answers: {}, lat: null, lon: null, address: '', name: '', phone: '', mail: '' })

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

/** The order of questions; which one comes first is up to the person, and questions of an item only if it has any. */
export function stepsOf(it: Pick<Draft, 'first' | 'hasAsks'>): Step[] {
  const what: Step[] = it.hasAsks ? ['what', 'item', 'ask'] : ['what', 'item']
  return it.first === 'place' ? ['place', ...what, 'send'] : [...what, 'place', 'send']
}

export const isBegun = (it: Draft, photoCount: number): boolean => Boolean(it.words || it.item || it.lat !== null || it.address || photoCount)

/** What is still missing before it can be sent, as the step that asks for it. */
export function missingStep(it: Draft): Step | null {
  if (!it.item) return 'item'
  if (it.lat === null && !it.address.trim()) return 'place'
  return null
}

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

export function formOf(it: Draft, pictures: Blob[]): FormData {
  const form = new FormData()
  const set = (key: string, value: string | number | null) => { if (value !== null && value !== '') form.set(key, String(value)) }
  set('item', it.item)
  set('lat', it.lat)
  set('lon', it.lon)
  for (const key of ['address', 'words', 'name', 'phone', 'mail'] as const) set(key, it[key].trim())
  if (Object.keys(it.answers).length) set('attributes', JSON.stringify(it.answers))
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
