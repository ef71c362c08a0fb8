// Alarms as the server tells of them, and how they are put in order.

import type { Text } from '../api/types'
import type { Mark } from './marks'

export const SEVERITIES = ['critical', 'major', 'minor', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]
export type AlarmState = 'raised' | 'acknowledged' | 'suppressed' | 'cleared'
export type AlarmVerb = 'acknowledge' | 'assign' | 'comment' | 'suppress' | 'clear' | 'reopen'

export interface Alarm {
  id: string
  version: number
  kind: 'condition' | 'fault'
  rule: { id: string; name: Text }
  subject: string
  severity: Severity
  state: AlarmState
  flapping: boolean
  times: number
  raised_at: string
  cleared_at: string | null
  cleared_by: string | null
  acknowledged_at: string | null
  acknowledged_by: string | null
  assigned_to: { post: string | null; post_name: Text | null; person: string | null } | null
  suppressed_until: string | null
  maintenance: string | null
  place: { lat: number | null; lon: number | null; name: Text | null; key: string | null; area: string; area_name: Text | null; private: boolean }
  thing: number | null
  thing_name: Text | null
  device: string | null
  property: string | null
  says: Text
  value: number | boolean | string | null
  unit: string
  keeper: { department: string; name: Text; post: string | null; fallback: boolean } | null
  case_no: string | null
  waits: Text | null
}
export interface AlarmPage { alarms: Alarm[]; next: string | null }
export interface AlarmCounts { open: number; by_severity: Partial<Record<Severity, number>>; unacknowledged: number; acknowledged: number; suppressed: number; faults: number; oldest_unacknowledged: string | null }
export interface AlarmStep { seq: number; at: string; kind: string; who: string | null; sentence: Text; words: string | null }
export interface FullAlarm extends Alarm { story: AlarmStep[]; may: AlarmVerb[] }

export const stands = (it: Pick<Alarm, 'state'>): boolean => it.state !== 'cleared'
/** What can be done with it as it is; who may do it the server says. */
export const possible = (state: AlarmState): AlarmVerb[] => ({
  raised: ['acknowledge', 'assign', 'comment', 'suppress', 'clear'], acknowledged: ['assign', 'comment', 'suppress', 'clear'], suppressed: ['acknowledge', 'assign', 'comment', 'clear'], cleared: ['reopen', 'comment'],
} as const)[state].slice()

const gravity = (it: Alarm): number => SEVERITIES.indexOf(it.severity)
const rank = (it: Alarm): number => ({ raised: 0, acknowledged: 1, suppressed: 2, cleared: 3 })[it.state]
const newer = (a: Alarm, b: Alarm): number => Date.parse(b.raised_at) - Date.parse(a.raised_at) || Number(b.id) - Number(a.id)
/** The orders of the server's list. By urgency: what nobody has taken note of stands on top, the gravest first; then the newest. */
export type AlarmOrder = 'urgency' | 'raised'
const orders: Record<AlarmOrder, (a: Alarm, b: Alarm) => number> = { urgency: (a, b) => rank(a) - rank(b) || gravity(a) - gravity(b) || newer(a, b), raised: newer }
export const inOrder = (list: readonly Alarm[], order: AlarmOrder = 'urgency'): Alarm[] => [...list].sort(orders[order])

/** The first page, which is fresh, and pages behind it, each alarm once, as it was told last. */
export const joined = (fresh: readonly Alarm[], older: readonly Alarm[], order: AlarmOrder): Alarm[] => inOrder([...new Map([...older, ...fresh].map((it) => [it.id, it])).values()], order)

/** What was on the first page and has no room there any more, since others came before it; what was before its end and is gone changed, and is not kept. */
export function pushedOff(before: readonly Alarm[], fresh: readonly Alarm[], order: AlarmOrder): Alarm[] {
  const last = fresh[fresh.length - 1]
  const known = new Set(fresh.map((it) => it.id))
  return last ? before.filter((it) => !known.has(it.id) && orders[order](it, last) > 0) : []
}

export const markOfAlarm = (it: Pick<Alarm, 'severity' | 'state'>): Mark =>
  ({ shape: 'diamond', tone: it.state === 'suppressed' ? 'paused' : it.state === 'cleared' ? 'done' : it.severity === 'critical' || it.severity === 'major' ? 'late' : it.severity === 'info' ? 'good' : 'risk', ring: 0 })

/** As it stands on the map: the drawing that it has in the list. */
export const alarmIcon = (it: Pick<Alarm, 'severity' | 'state'>): string => `alarm.${it.severity}.${it.state === 'suppressed' || it.state === 'cleared' ? 1 : 0}`

/** Which row the keys lead to: held at both ends. */
export const stepped = (at: number, by: number, count: number): number => (count === 0 ? -1 : Math.min(count - 1, Math.max(0, at + by)))
