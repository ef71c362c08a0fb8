// Photos of the draft in the browser's own database, made smaller and freed of hidden data (place, device) first.

import { within } from './device'

const EDGE_PX_MAX = 2048
const JPEG_QUALITY = 0.86
export const PHOTO_BYTES_MAX = 10 * 1024 * 1024
export const PHOTOS_MAX = 4

export const savePhotos = (list: Blob[]): Promise<unknown> => within('photos', 'readwrite', (store) => store.put([...list], 'draft')).catch(() => undefined)
export const clearPhotos = (): Promise<unknown> => within('photos', 'readwrite', (store) => store.clear()).catch(() => undefined)
export async function loadPhotos(): Promise<Blob[]> {
  const list: unknown = await within('photos', 'readonly', (store) => store.get('draft')).catch(() => [])
  return Array.isArray(list) ? (list as Blob[]) : []
}

export type PhotoFault = 'size' | 'kind'

/** Drawn anew as JPEG of at most 2048 pixels a side; what a camera writes into the file beside the picture is gone. */
export async function madeSmall(file: File): Promise<Blob | PhotoFault> {
  if (file.size > PHOTO_BYTES_MAX) return 'size'
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) return 'kind'
  const scale = Math.min(1, EDGE_PX_MAX / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', JPEG_QUALITY))
  return made ?? 'kind'
}
