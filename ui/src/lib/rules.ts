// Rules as the server tells of them, and what a replay found.

import type { Text } from '../api/types'
import type { Severity } from './alarms'

export interface RuleParameter { id: string; name: Text; standard: number; unit: string }
export interface Rule {
  id: string
  name: Text
  about: Text
  text: string
  severity: Severity
  scope: 'thing' | 'place'
  watch: { property: string; name: Text; unit: string }[]
  types: string[]
  opens: string
  says: Text
  basis: string
  pack: string
  parameters: RuleParameter[]
  armed: boolean
  chosen_by: string
  reason: string
  subjects: number
  raised: number
  at_fault: number
  broken: number
  broken_why: Text | null
  fired_30d: number
}
export interface OneRule extends Rule { own: { subject: string; place: Text; parameter: string; value: number }[] }
export interface WouldFire { at: string; until: string | null; severity: Severity; private: boolean; subject?: string; thing?: number; place?: Text; name?: Text; value?: number | null; unit?: string }
export interface Replayed { fired: number; subjects: number; concerned: number; readings: number; faults: number; broken: number; broken_why: Text | null; times: WouldFire[] }
export interface Replay { rule: string; state: 'running' | 'done' | 'failed'; done: number; all: number; result: Replayed | null; error: { code: string; detail: Text } | null }

/** "raise: value > 15 cm" → its key and its condition. */
export const clauses = (text: string): { key: string; condition: string }[] =>
  text.split('\n').filter(Boolean).map((line) => {
    const colon = line.indexOf(':')
    return { key: line.slice(0, colon), condition: line.slice(colon + 1).trim() }
  })

/** Bars over the span of a replay: how many would have begun in each piece of it. */
export function overTime(times: readonly { at: string }[], from: number, to: number, pieces: number): number[] {
  const out = Array<number>(pieces).fill(0)
  if (to <= from) return out
  for (const { at } of times) {
    const piece = Math.floor(((Date.parse(at) - from) / (to - from)) * pieces)
    if (piece >= 0 && piece < pieces) out[piece]! += 1
  }
  return out
}
