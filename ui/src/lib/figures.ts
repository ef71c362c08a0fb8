// Figures in words: shares in per cent, changes in points.
import type { Indicator } from '../api/evaluation'

type Unit = Indicator['unit']
const digits = (value: number, most: number) => Number(value.toFixed(most)).toString()

/** "98.4%", "0.52", "12.5". */
export function shownValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return '–'
  return unit === 'share' ? `${(value * 100).toFixed(1)}%` : digits(value, unit === 'hours' ? 1 : 2)
}

/** The change from another period with its sign: in per cent points for shares. Nothing where either is not known. */
export function change(now: number | null, then: number | null, unit: Unit): number | null {
  if (now === null || then === null) return null
  return unit === 'share' ? (now - then) * 100 : now - then
}

export function shownChange(by: number | null, unit: Unit): string {
  if (by === null) return '–'
  const most = unit === 'times' ? 2 : 1
  const rounded = Number(by.toFixed(most))
  return `${rounded > 0 ? '+' : rounded < 0 ? '−' : '±'}${digits(Math.abs(rounded), most)}`
}

/** Whether a change is for the better; nothing where it is none. */
export function isBetter(by: number | null, better: Indicator['better']): boolean | null {
  if (by === null || Math.abs(by) < 0.05) return null
  return better === 'more' ? by > 0 : by < 0
}
