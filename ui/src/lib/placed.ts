// The devices of a map: all that fit, page by page, and not only those of a list's first page.
import { get } from '../api/client'
import type { Device, DevicePage } from './devices'

const PAGE_MAX = 500
/** More marks than these nobody tells apart. */
export const PLACED_MAX = 5_000

export interface Placed { devices: Device[]; more: boolean }

/** `address`: of a list of devices, with its filters. */
export async function placed(address: string, signal: AbortSignal): Promise<{ body: Placed; changed: boolean }> {
  const devices: Device[] = []
  let cursor = ''
  let changed = false
  do {
    const page = await get<DevicePage>(`${address}${address.includes('?') ? '&' : '?'}limit=${PAGE_MAX}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, signal)
    devices.push(...page.body.devices)
    changed = changed || page.changed
    cursor = page.body.next ?? ''
  } while (cursor && devices.length < PLACED_MAX)
  return { body: { devices, more: cursor !== '' }, changed }
}
