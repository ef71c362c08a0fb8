// The style of the city's map, drawn from our own vector tiles. There is no glyph server: without `glyphs` MapLibre
// draws every letter, Chinese or Latin, from the fonts of the reader's machine.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Area, City } from '../api/types'
import type { Lang } from '../lib/text'
import type { Palette } from './palette'

export const FONTS = ['PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'system-ui', 'sans-serif']
const TILE_ZOOM_MIN = 8
const TILE_ZOOM_MAX = 16

const byZoom = (...stops: number[]): ExpressionSpecification => ['interpolate', ['exponential', 1.5], ['zoom'], ...stops] as ExpressionSpecification
const isMain: ExpressionSpecification = ['in', ['get', 'class'], ['literal', ['ring', 'main', 'motorway', 'primary']]]
const isSecond: ExpressionSpecification = ['in', ['get', 'class'], ['literal', ['minor', 'secondary']]]

function ground(p: Palette): LayerSpecification[] {
  const city = { source: 'city' }
  const use: ExpressionSpecification = ['match', ['get', 'use'], ['green', 'park', 'square', 'farm'], p.green, ['commercial', 'old_town', 'trade'], p.trade,
    ['office', 'industrial', 'education', 'health', 'civic', 'work', 'school'], p.work, ['residential', 'living'], p.living, p.block]
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': p.ground } },
    { id: 'block', type: 'fill', ...city, 'source-layer': 'block', paint: { 'fill-color': use } },
    { id: 'water', type: 'fill', ...city, 'source-layer': 'water', paint: { 'fill-color': p.water } },
    { id: 'building', type: 'fill', ...city, 'source-layer': 'building', minzoom: 14.5, paint: { 'fill-color': p.building, 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14.5, 0, 15.3, 1] } },
  ]
}

function roads(p: Palette): LayerSpecification[] {
  const line = { type: 'line' as const, source: 'city', 'source-layer': 'road', layout: { 'line-cap': 'round' as const, 'line-join': 'round' as const } }
  const width = (grow: number): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'],
    11, ['case', isMain, 1.4 + grow, isSecond, 0.8, 0.3],
    14, ['case', isMain, 4.5 + grow, isSecond, 2.8 + grow, 1.1 + grow],
    17, ['case', isMain, 20 + grow, isSecond, 14 + grow, 7 + grow]]
  return [
    { id: 'road-edge', ...line, minzoom: 12.5, filter: ['!=', ['get', 'class'], 'rail'], paint: { 'line-color': p.roadEdge, 'line-width': width(1.6) } },
    { id: 'road', ...line, filter: ['!=', ['get', 'class'], 'rail'], paint: { 'line-color': ['case', isMain, p.roadMain, p.road], 'line-width': width(0) } },
    { id: 'rail', type: 'line', source: 'city', 'source-layer': 'road', filter: ['==', ['get', 'class'], 'rail'], paint: { 'line-color': p.street, 'line-width': 1.8, 'line-dasharray': [4, 2] } },
  ]
}

function borders(p: Palette): LayerSpecification[] {
  const area = { type: 'line' as const, source: 'city', 'source-layer': 'area' }
  const at = (level: string): ExpressionSpecification => ['==', ['get', 'level'], level]
  return [
    { id: 'grid', type: 'line', source: 'city', 'source-layer': 'grid', minzoom: 14, paint: { 'line-color': p.grid, 'line-width': 0.8 } },
    { id: 'area-community', ...area, minzoom: 12.5, filter: at('community'), paint: { 'line-color': p.community, 'line-width': 0.9, 'line-dasharray': [3, 2] } },
    { id: 'area-street', ...area, filter: at('street'), paint: { 'line-color': p.street, 'line-width': 1.2, 'line-dasharray': [6, 2, 1, 2] } },
    { id: 'area-district', ...area, filter: at('district'), paint: { 'line-color': p.street, 'line-width': 1.8 } },
    { id: 'component', type: 'circle', source: 'city', 'source-layer': 'component', minzoom: 16, layout: { visibility: 'none' }, paint: { 'circle-radius': 2.4, 'circle-color': p.component, 'circle-stroke-width': 1, 'circle-stroke-color': p.halo } },
  ]
}

function names(p: Palette, lang: Lang): LayerSpecification[] {
  const spacing = lang === 'zh' ? 0.12 : 0.02
  const halo = { 'text-halo-color': p.halo, 'text-halo-width': 1.6 }
  const label = (level: string, size: ExpressionSpecification, from: number, to: number): LayerSpecification => ({
    id: `name-${level}`, type: 'symbol', source: 'names', filter: ['==', ['get', 'level'], level], minzoom: from, maxzoom: to,
    layout: { 'text-field': ['get', lang], 'text-font': FONTS, 'text-size': size, 'text-letter-spacing': spacing, 'text-max-width': 8, 'text-padding': 4, 'text-variable-anchor': ANCHORS, 'text-radial-offset': 1.9, 'text-justify': 'auto' },
    paint: { 'text-color': p.name, ...halo },
  })
  return [
    {
      id: 'name-road', type: 'symbol', source: 'city', 'source-layer': 'road', minzoom: 13.2, filter: ['!=', ['coalesce', ['get', `name_${lang}`], ''], ''],
      layout: { 'symbol-placement': 'line', 'text-field': ['get', `name_${lang}`], 'text-font': FONTS, 'text-size': byZoom(13, 11, 17, 14), 'symbol-spacing': 360, 'text-letter-spacing': spacing },
      paint: { 'text-color': p.roadName, ...halo },
    },
    label('community', byZoom(13, 11.5, 16, 14), 13, 16.5),
    label('street', byZoom(10, 12, 14, 17), 10, 14.5),
  ]
}

/** A name makes way for the marks: they are placed first, and it stands above or below. */
const ANCHORS: ('top' | 'bottom' | 'center')[] = ['center', 'top', 'bottom']

const CLUSTER_RADIUS_PX = 42
const CLUSTER_ZOOM_MAX = 16

function marks(p: Palette): LayerSpecification[] {
  const share = (key: string): ExpressionSpecification => ['ceil', ['*', 8, ['/', ['get', key], ['get', 'point_count']]]]
  return [
    { id: 'chosen', type: 'circle', source: 'cases', filter: ['==', ['get', 'no'], ''], paint: { 'circle-radius': 21, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-width': 3, 'circle-stroke-color': p.accent } },
    {
      id: 'marks', type: 'symbol', source: 'cases', filter: ['!', ['has', 'point_count']],
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'symbol-sort-key': ['get', 'rank'] },
    },
    {
      id: 'clusters', type: 'symbol', source: 'cases', filter: ['has', 'point_count'],
      layout: {
        'icon-image': ['concat', 'cluster.', ['to-string', ['get', 'point_count']], '.', ['to-string', share('late')], '.', ['to-string', share('soon')], '.', ['to-string', ['get', 'late']]],
        'icon-allow-overlap': true,
      },
    },
  ]
}

export const nothing = (): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features: [] })

export function nameFeatures(areas: Area[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: areas.map((area) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: area.centre }, properties: { level: area.level, zh: area.name.zh, en: area.name.en } })),
  }
}

export function cityStyle(city: City, areas: Area[], palette: Palette, lang: Lang, clustered: boolean): StyleSpecification {
  return {
    version: 8,
    sources: {
      city: { type: 'vector', tiles: [`${location.origin}/tiles/{z}/{x}/{y}.mvt`], minzoom: TILE_ZOOM_MIN, maxzoom: TILE_ZOOM_MAX, ...(city.has_places === false ? {} : { bounds: city.bounds }) },
      names: { type: 'geojson', data: nameFeatures(areas) },
      cases: {
        type: 'geojson', data: nothing(), cluster: clustered, clusterRadius: CLUSTER_RADIUS_PX, clusterMaxZoom: CLUSTER_ZOOM_MAX,
        clusterProperties: { late: ['+', ['get', 'late']], soon: ['+', ['get', 'soon']] },
      },
    },
    layers: [...ground(palette), ...roads(palette), ...borders(palette), ...names(palette, lang), ...marks(palette)],
  }
}
