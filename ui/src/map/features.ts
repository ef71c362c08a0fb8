import type { Case } from '../api/types'
import { markName, markOf, type Mark, type Shape } from '../lib/marks'

const RANK = { late: 4, risk: 3, good: 2, paused: 1, done: 0 }

/** Cases as points for the map; those of a switched-off source, and those without a place, are left out. */
export function caseFeatures(cases: Case[], hidden: ReadonlySet<Shape>): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = []
  for (const it of cases) {
    if (it.lon === null || it.lat === null) continue
    const mark = markOf(it)
    if (hidden.has(mark.shape)) continue
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [it.lon, it.lat] },
      properties: { no: it.no, icon: markName(mark), rank: RANK[mark.tone], late: mark.tone === 'late' ? 1 : 0, soon: mark.tone === 'risk' ? 1 : 0 },
    })
  }
  return { type: 'FeatureCollection', features }
}

/** Something else than a case that stands on the map, with the mark that says how it is. */
/** `icon`: another drawing than that of the mark: "alarm.critical.0", "device.fault.critical". */
export interface MapPoint { no: string; lat: number; lon: number; mark: Mark; icon?: string }

export function pointFeatures(points: MapPoint[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: points.map((it) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [it.lon, it.lat] },
      properties: { no: it.no, icon: it.icon ?? markName(it.mark), rank: RANK[it.mark.tone], late: it.mark.tone === 'late' ? 1 : 0, soon: it.mark.tone === 'risk' ? 1 : 0 },
    })),
  }
}
