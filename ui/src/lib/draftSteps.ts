// What a report consists of and in which order it is asked for.
import type { Text } from '../api/types'

export type First = 'what' | 'place'
export type Step = 'what' | 'item' | 'ask' | 'place' | 'send'

export interface Draft {
  /** Follows the report later, and makes sending it twice one report. */
  token: string
  first: First
  words: string
  item: string
  itemName: Text | null
  hasAsks: boolean
  /** By the code of the question; a question that takes several answers has a list. */
  answers: Record<string, string | string[]>
  lat: number | null
  lon: number | null
  address: string
  name: string
  phone: string
  mail: string
  /** Only those who deal with it may know of it. */
  hidden: boolean
}

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
