// Devices as the server tells of them, and what a mark says of their state.

import type { Text } from '../api/types'
import type { Mark } from './marks'

export const DEVICE_STATES = ['active', 'silent', 'fault', 'disabled', 'unclaimed'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]
type ByState = Partial<Record<DeviceState, number>>

export interface Device {
  id: string
  name: string
  type: { id: string; name: Text }
  serial: string
  thing: number | null
  at: { lat: number | null; lon: number | null; area: string; area_name: Text | null; place: string; component: string | null }
  private: boolean
  state: DeviceState
  last_seen: string | null
  battery: number | null
  signal_dbm: number | null
  firmware: string | null
  alarm: string | null
}
export interface DevicePage { devices: Device[]; next: string | null }
export interface DeviceCounts { total: number; by_state: ByState; by_type: { id: string; name: Text; by_state: ByState }[] }

export type ReadingValue = number | boolean | string | null
export interface DeviceStream {
  id: number
  stream: string
  property: string
  name: Text
  unit: string
  symbol: string
  kind: 'number' | 'bool' | 'count' | 'text'
  range: [number, number] | null
  every_s: number | null
  last: { at: string; value: ReadingValue; quality: string[] } | null
}
export interface DeviceCredential { id: number; kind: 'token' | 'mqtt'; made_at: string; expires_at: string | null; last_used_at: string | null; disabled_at: string | null }
export interface DeviceCommand {
  id: number
  command: string
  name: Text
  parameters: Record<string, unknown> | null
  by: string
  state: 'waiting' | 'sent' | 'acknowledged' | 'failed' | 'expired'
  made_at: string
  expires_at: string
  sent_at: string | null
  done_at: string | null
  result: string
}
export interface FullDevice extends Device {
  said: { field: string; name: Text; value: string }[]
  made_at: string
  /** False: it stands in a home, and whoever wants to read it says what for. */
  readable: boolean
  streams: DeviceStream[]
  credentials: DeviceCredential[]
  commands: DeviceCommand[]
  faults: { code: string; stream: string | null; since: string; words: Text }[]
}
export interface CommandParameter { id: string; name: Text; kind: 'number' | 'bool' | 'count' | 'text'; unit: string; range: [number, number] | null; required: boolean; choices: { code: string; name: Text }[] }
export interface CommandType { id: string; name: Text; about: Text; parameters: CommandParameter[]; expires_s: number }
export interface DeviceType { id: string; name: Text; about: Text; private: boolean; streams: { stream: string; kind: string }[]; commands: CommandType[]; pack: string }
export interface IssuedCredential { id: number; kind: 'token' | 'mqtt'; user: string; secret: string | null }

/** On the map as in the list: whole, a clock hand, an exclamation mark, a pause. One that nobody claimed yet is not in use either. */
export const markOfDevice = (state: DeviceState, alarm: string | null = null): Mark =>
  ({ shape: 'diamond', tone: alarm === 'critical' || alarm === 'major' ? 'late' : ({ active: 'good', silent: 'risk', fault: 'late', disabled: 'paused', unclaimed: 'paused' } as const)[state], ring: 0 })

/** As it stands on the map: the drawing that it has in the list, with the gravest of its alarms. */
export const deviceIcon = (it: Pick<Device, 'state' | 'alarm'>): string => `device.${it.state}.${it.alarm ?? 'none'}`

/** Numbers as they are measured: no more digits than say something, thousands apart. */
export function reading(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3
  const [whole = '0', part = ''] = size.toFixed(digits).split('.')
  const rest = part.replace(/0+$/, '')
  const shown = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest ? `.${rest}` : '')
  return value < 0 && shown !== '0' ? `−${shown}` : shown
}

/** What a device sends to show that it is there: a line that can be pasted. */
export function exampleLine(origin: string, token: string, stream: string, kind: string, at: string): string {
  const value = kind === 'bool' ? 'true' : kind === 'text' ? '"ok"' : '12.5'
  return `curl -X POST ${origin}/ingest/v1/lines -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/x-ndjson' -d '{"s":"${stream}","t":"${at}","v":${value}}'`
}
