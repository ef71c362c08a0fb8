// The little of the vector tile format that the mock needs: layers of points, lines and rings, clipped to the tile.

const EXTENT = 4096, BUFFER = 96

export function tileOf(z) {
  const size = 2 ** z
  return ([lon, lat]) => {
    const sin = Math.sin((lat * Math.PI) / 180)
    return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size]
  }
}

class Bytes {
  constructor() { this.list = [] }
  varint(value) { while (value > 127) { this.list.push((value & 127) | 128); value = Math.floor(value / 128) } this.list.push(value) }
  field(number, type) { this.varint(number * 8 + type) }
  bytes(number, data) { this.field(number, 2); this.varint(data.length); for (const b of data) this.list.push(b) }
  text(number, text) { this.bytes(number, Buffer.from(text)) }
  packed(number, values) { const inner = new Bytes(); for (const v of values) inner.varint(v); this.bytes(number, inner.list) }
}
const zigzag = (n) => (n < 0 ? -n * 2 - 1 : n * 2)

function clipRing(ring, lo, hi) {
  const sides = [[0, lo, 1], [0, hi, -1], [1, lo, 1], [1, hi, -1]]
  for (const [axis, edge, sign] of sides) {
    const inside = (p) => (p[axis] - edge) * sign >= 0
    const out = []
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i], b = ring[(i + 1) % ring.length]
      if (inside(a)) out.push(a)
      if (inside(a) !== inside(b)) { const t = (edge - a[axis]) / (b[axis] - a[axis]); out.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]) }
    }
    ring = out
    if (!ring.length) return []
  }
  return ring
}

function clipLine(line, lo, hi) {
  const parts = []
  let part = []
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i], line[i + 1]]
    let from = 0, to = 1
    for (const axis of [0, 1]) {
      const d = b[axis] - a[axis]
      if (d === 0) { if (a[axis] < lo || a[axis] > hi) to = -1; continue }
      const [t0, t1] = [(lo - a[axis]) / d, (hi - a[axis]) / d].sort((x, y) => x - y)
      from = Math.max(from, t0); to = Math.min(to, t1)
    }
    if (from > to) { if (part.length) parts.push(part); part = []; continue }
    const at = (t) => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
    if (!part.length) part.push(at(from))
    part.push(at(to))
    if (to < 1) { parts.push(part); part = [] }
  }
  if (part.length) parts.push(part)
  return parts
}

function commands(parts, closed) {
  const out = []
  let x = 0, y = 0
  const move = (p) => { const [px, py] = [Math.round(p[0]), Math.round(p[1])]; out.push(zigzag(px - x), zigzag(py - y)); x = px; y = py }
  for (const part of parts) {
    out.push(9); move(part[0])
    if (part.length > 1) { out.push(((part.length - 1) << 3) | 2); part.slice(1).forEach(move) }
    if (closed) out.push(15)
  }
  return out
}

function shape(kind, points) {
  const lo = -BUFFER, hi = EXTENT + BUFFER
  if (kind === 1) return points.every((p) => p[0] >= lo && p[0] <= hi && p[1] >= lo && p[1] <= hi) ? [points] : []
  if (kind === 2) return clipLine(points, lo, hi)
  let ring = clipRing(points.slice(0, -1), lo, hi)
  if (ring.length < 3) return []
  let area = 0
  for (let i = 0; i < ring.length; i++) { const a = ring[i], b = ring[(i + 1) % ring.length]; area += a[0] * b[1] - b[0] * a[1] }
  if (area < 0) ring = ring.reverse()
  return [ring]
}

/** layers: { name: [{ kind: 1|2|3, points, tags }] } → the bytes of the tile z/x/y. */
export function encodeTile(z, x, y, layers) {
  const tile = new Bytes(), project = tileOf(z)
  for (const [name, features] of Object.entries(layers)) {
    const keys = new Map(), values = new Map(), layer = new Bytes()
    layer.text(1, name)
    let any = false
    for (const feature of features) {
      const local = feature.points.map((p) => { const [tx, ty] = project(p); return [(tx - x) * EXTENT, (ty - y) * EXTENT] })
      const parts = shape(feature.kind, local)
      if (!parts.length) continue
      any = true
      const tags = []
      for (const [key, value] of Object.entries(feature.tags)) {
        if (!keys.has(key)) keys.set(key, keys.size)
        if (!values.has(value)) values.set(value, values.size)
        tags.push(keys.get(key), values.get(value))
      }
      const one = new Bytes()
      one.packed(2, tags); one.field(3, 0); one.varint(feature.kind); one.packed(4, commands(parts, feature.kind === 3))
      layer.bytes(2, one.list)
    }
    if (!any) continue
    for (const key of keys.keys()) layer.text(3, key)
    for (const value of values.keys()) { const v = new Bytes(); if (typeof value === 'number') { v.field(4, 0); v.varint(value) } else v.text(1, value); layer.bytes(4, v.list) }
    layer.field(5, 0); layer.varint(EXTENT); layer.field(15, 0); layer.varint(2)
    tile.bytes(3, layer.list)
  }
  return Buffer.from(tile.list)
}

export function cityTile(city, z, x, y) {
  const area = (one) => ({ kind: 3, points: one.ring, tags: { level: one.level, name_zh: one.name.zh, name_en: one.name.en } })
  const layers = {
    area: city.areas.map(area),
    water: [{ kind: 3, points: city.river, tags: {} }],
    block: city.blocks.map((b) => ({ kind: 3, points: b.ring, tags: { use: b.use } })),
    road: city.roads.filter((r) => z >= 13 || r.class !== 'branch').map((r) => ({ kind: 2, points: r.at, tags: { class: r.class, name_zh: r.name?.zh ?? '', name_en: r.name?.en ?? '' } })),
  }
  if (z >= 13) layers.grid = city.grids.map((g) => ({ kind: 3, points: g.ring, tags: { code: g.code } }))
  if (z >= 14) layers.building = city.buildings.map((b) => ({ kind: 3, points: b.ring, tags: {} }))
  if (z >= 16) layers.component = city.components.map((c) => ({ kind: 1, points: [c.at], tags: { class: c.class, code: c.code } }))
  return encodeTile(z, x, y, layers)
}
