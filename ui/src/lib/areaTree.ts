// The tree of areas as one list.
import type { Area } from '../api/types'

export interface AreaNode extends Area { depth: number }

/** The tree as one indented list: each area after its parent. */
export function areaList(all: Area[]): AreaNode[] {
  const children = new Map<number | null, Area[]>()
  const known = new Set(all.map((area) => area.id))
  for (const area of all) {
    const parent = area.parent !== null && known.has(area.parent) ? area.parent : null
    children.set(parent, [...(children.get(parent) ?? []), area])
  }
  const list: AreaNode[] = []
  const walk = (parent: number | null, depth: number) => {
    for (const area of children.get(parent) ?? []) {
      list.push({ ...area, depth })
      walk(area.id, depth + 1)
    }
  }
  walk(null, 0)
  return list
}
