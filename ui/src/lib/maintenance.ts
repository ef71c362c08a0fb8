// Maintenance windows as the server tells of them, and the times that one is set for.

import { shifted } from './time'

export type WindowState = 'planned' | 'open' | 'over'
export interface MaintenanceWindow {
  id: string
  thing: number | null
  place: string | null
  rule: string | null
  type: string | null
  area: string | null
  begins: string
  ends: string
  reason: string
  by: string
  state: WindowState
}
export interface MaintenancePage { windows: MaintenanceWindow[]; next: string | null }

/** Faults of devices are kept quiet by this name, as if it were a rule. */
export const FAULT_RULE = 'device-fault'
export const SCOPES = ['type', 'rule', 'thing', 'place'] as const
export type Scope = (typeof SCOPES)[number]

const HOUR_MS = 3_600_000
export const LENGTHS_H = [2, 8, 24, 72, 168] as const

/** What a field of a form for day and time shows of a moment: on the city's clock, to the minute. */
export const toField = (iso: string): string => iso.slice(0, 16)
/** The same back: the city's offset is that of `now`. Nothing where it is not a time. */
export function fromField(text: string, now: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null
  return `${text}:00${/(Z|[+-]\d{2}:?\d{2})$/.exec(now)?.[1] ?? 'Z'}`
}
/** When a window of so many hours ends that begins at `begins`. */
export const endOf = (begins: string, hours: number): string => shifted(begins, hours * HOUR_MS)

/** What is open first, then what is to come, the sooner the higher; what is over comes last, newest first. */
export function windowsInOrder(list: readonly MaintenanceWindow[]): MaintenanceWindow[] {
  const rank = { open: 0, planned: 1, over: 2 }
  const time = (it: MaintenanceWindow) => (it.state === 'over' ? -Date.parse(it.ends) : Date.parse(it.state === 'open' ? it.ends : it.begins))
  return [...list].sort((a, b) => rank[a.state] - rank[b.state] || time(a) - time(b))
}
