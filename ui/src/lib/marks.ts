// What a mark on the map says: shape is the source, fill is the state, the ring is the clock running out.

import type { Case, Source } from '../api/types'
import { toneOf, type Tone } from './clock'

export type Shape = 'circle' | 'diamond' | 'square' | 'triangle'
export interface Mark { shape: Shape; tone: Tone; ring: number }

export const RING_STEPS = 8

const SHAPES: Record<Source, Shape> = {
  citizen: 'circle', import: 'circle', sensor: 'diamond', system: 'diamond', camera: 'square', collector: 'triangle',
}
export const shapeOf = (source: Source | undefined): Shape => SHAPES[source ?? 'citizen'] ?? 'circle'

const FINAL = new Set(['closed', 'evaluated', 'archived'])
export const isClosed = (stage: string): boolean => FINAL.has(stage)

export function markOf(it: Pick<Case, 'source' | 'stage' | 'clock'>): Mark {
  const closed = isClosed(it.stage)
  const tone: Tone = closed ? 'done' : it.stage === 'suspended' ? 'paused' : toneOf(it.clock)
  const left = it.clock && it.clock.budget > 0 ? it.clock.left / it.clock.budget : 1
  const ring = closed || tone === 'late' ? 0 : Math.min(RING_STEPS, Math.max(0, Math.ceil(left * RING_STEPS)))
  return { shape: shapeOf(it.source), tone, ring }
}

export const markName = (mark: Mark): string => `mark.${mark.shape}.${mark.tone}.${mark.ring}`

export function markFrom(name: string): Mark | null {
  const [kind, shape, tone, ring] = name.split('.')
  if (kind !== 'mark' || ring === undefined) return null
  return { shape: shape as Shape, tone: tone as Tone, ring: Number(ring) }
}
