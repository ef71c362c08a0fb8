// The drawings of severities and of states of devices, in a square of 32: the same beside words and on the map.

import type { Severity } from './alarms'
import type { DeviceState } from './devices'

/** `full`: filled with its colour; else it has an edge only. `sign`: what is written inside. */
export interface Drawing { shape: string; full: boolean; sign: string; dashed?: boolean }

const TRIANGLE = 'M16 4L29.5 27h-27z'
const DIAMOND = 'M16 3.5L28.5 16L16 28.5L3.5 16z'
const CALL = 'M16 9.5v8M16 21.8v0.2'
const CALL_LOW = 'M16 12.5v7M16 23.6v0.2'

/** The graver, the more corners and the fuller. */
export const ALARM_DRAWINGS: Record<Severity, Drawing> = {
  critical: { shape: 'M10.6 3h10.8L29 10.6v10.8L21.4 29H10.6L3 21.4V10.6z', full: true, sign: CALL },
  major: { shape: TRIANGLE, full: true, sign: CALL_LOW },
  minor: { shape: TRIANGLE, full: false, sign: CALL_LOW },
  warning: { shape: 'M16 4L28 16L16 28L4 16z', full: false, sign: CALL },
  info: { shape: 'M16 4.5a11.5 11.5 0 1 0 0 23a11.5 11.5 0 1 0 0-23z', full: false, sign: 'M16 14.5v7.5M16 10v0.2' },
}

/** Whole, a clock hand, an exclamation mark, a pause, an edge that is not closed yet. */
export const DEVICE_DRAWINGS: Record<DeviceState, Drawing> = {
  active: { shape: DIAMOND, full: true, sign: '' },
  silent: { shape: DIAMOND, full: true, sign: 'M16 10.5v5.5h4.5' },
  fault: { shape: DIAMOND, full: true, sign: CALL },
  disabled: { shape: DIAMOND, full: false, sign: 'M13.5 12v8M18.5 12v8' },
  unclaimed: { shape: DIAMOND, full: false, sign: '', dashed: true },
}
