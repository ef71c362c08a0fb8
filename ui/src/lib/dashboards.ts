// Dashboards as the server tells of them, and what their panels make of the answers.

import type { Text } from '../api/types'
import type { DeviceState, DeviceStream, ReadingValue } from './devices'

export interface PanelStream extends Omit<DeviceStream, 'id' | 'last'> { type: string; type_name: Text }
export interface Panel { show: 'map' | 'latest' | 'chart' | 'alarms' | 'devices'; title: Text; types: { id: string; name: Text }[]; streams: PanelStream[]; rules: string[] }
export interface Dashboard { id: string; name: Text; pack: string; functions: string[]; mine: boolean; panels: Panel[] }
export interface NewestReading { device: string; name: string; area_name: Text | null; state: DeviceState; datastream: number; last: { at: string; value: ReadingValue; quality: string[] } | null }
export interface NewestReadings { stream: Omit<DeviceStream, 'id' | 'last'>; readings: NewestReading[]; next: string | null }

/** The highest first, as water and gas are looked at; what is no number by name; what has nothing last. */
export function highestFirst(list: readonly NewestReading[]): NewestReading[] {
  const amount = (it: NewestReading) => (typeof it.last?.value === 'number' ? it.last.value : it.last === null || it.last.value === null ? -Infinity : it.last.value === true ? 1 : 0)
  return [...list].sort((a, b) => amount(b) - amount(a) || a.name.localeCompare(b.name, 'zh'))
}

/** How long the bar of a reading is, from 0 to 1: within the range of its stream, or against the most that is there. */
export function barOf(value: ReadingValue, range: readonly [number, number] | null, most: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 0
  const [low, high] = [Math.min(0, range?.[0] ?? 0), Math.max(most, Number.EPSILON)]
  return Math.min(1, Math.max(0, (value - low) / (high - low)))
}
