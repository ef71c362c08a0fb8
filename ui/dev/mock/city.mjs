// A small made-up city for working on the pages without the real server: areas, grids, roads, blocks, a river.

export const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const COLS = 36, ROWS = 12
const WEST = 117.245, SOUTH = 34.715, STEP_X = 0.0032, STEP_Y = 0.0046
const STREETS = [['榴园', 'Liuyuan'], ['坛山', 'Tanshan'], ['吴林', 'Wulin'], ['古邵', 'Gushao'], ['阴平', 'Yinping'], ['底阁', 'Dige']]
const COMMUNITIES = [['东关', 'Dongguan'], ['西河', 'Xihe'], ['南市', 'Nanshi'], ['北坛', 'Beitan'], ['桥头', 'Qiaotou'], ['钟楼', 'Zhonglou']]

/** The lattice bends a little, so that the city does not look like a chessboard. */
function vertex(x, y) {
  const lon = WEST + (x + 0.35 * Math.sin(y * 0.9 + x * 0.23)) * STEP_X
  const lat = SOUTH + (y + 0.28 * Math.sin(x * 0.55 + y * 0.4)) * STEP_Y
  return [lon, lat]
}

function outline(x0, y0, x1, y1) {
  const ring = []
  for (let x = x0; x < x1; x++) ring.push(vertex(x, y0))
  for (let y = y0; y < y1; y++) ring.push(vertex(x1, y))
  for (let x = x1; x > x0; x--) ring.push(vertex(x, y1))
  for (let y = y1; y > y0; y--) ring.push(vertex(x0, y))
  ring.push(ring[0])
  return ring
}
const middle = (x0, y0, x1, y1) => vertex((x0 + x1) / 2, (y0 + y1) / 2)
const line = (from, to, n) => Array.from({ length: n + 1 }, (_, i) => vertex(from[0] + ((to[0] - from[0]) * i) / n, from[1] + ((to[1] - from[1]) * i) / n))

function makeAreas() {
  const areas = [{ id: 1, code: '370404', level: 'district', name: { zh: '榴城区', en: 'Liucheng' }, parent: null, span: [0, 0, COLS, ROWS] }]
  let id = 2
  STREETS.forEach(([zh, en], s) => {
    const sx = (s % 3) * 12, sy = Math.floor(s / 3) * 6
    const street = { id: id++, code: `370404${String(s + 1).padStart(3, '0')}`, level: 'street', name: { zh: `${zh}街道`, en: `${en} Street` }, parent: 1, span: [sx, sy, sx + 12, sy + 6] }
    areas.push(street)
    COMMUNITIES.forEach(([czh, cen], c) => {
      const cx = sx + (c % 3) * 4, cy = sy + Math.floor(c / 3) * 3
      areas.push({ id: id++, code: `${street.code}${String(c + 1).padStart(3, '0')}`, level: 'community', name: { zh: `${czh}社区`, en: `${cen} Community` }, parent: street.id, span: [cx, cy, cx + 4, cy + 3] })
    })
  })
  return areas.map((area) => ({ ...area, ring: outline(...area.span), centre: middle(...area.span) }))
}

function makeGrids(areas) {
  const grids = []
  for (const area of areas.filter((one) => one.level === 'community')) {
    const [x0, y0, x1, y1] = area.span
    let n = 1
    for (let y = y1 - 1; y >= y0; y--) for (let x = x0; x < x1; x++) {
      grids.push({ code: `${area.code}${String(n++).padStart(3, '0')}`, area: area.id, x, y, ring: outline(x, y, x + 1, y + 1), centre: middle(x, y, x + 1, y + 1) })
    }
  }
  return grids
}

const USES = ['living', 'living', 'living', 'trade', 'green', 'work', 'school']
function makeBlocks(next) {
  const blocks = [], buildings = []
  for (let y = 0; y < ROWS; y++) for (let x = 0; x < COLS; x++) for (let half = 0; half < 2; half++) {
    const a = x + 0.07 + half * 0.46, b = a + 0.4, c = y + 0.08, d = y + 0.92
    const use = USES[Math.floor(next() * USES.length)]
    const ring = [vertex(a, c), vertex(b, c), vertex(b, d), vertex(a, d), vertex(a, c)]
    blocks.push({ use, ring })
    if (use === 'green') continue
    for (let i = 0; i < 6; i++) {
      const bx = a + 0.03 + (i % 2) * 0.2, by = c + 0.06 + Math.floor(i / 2) * 0.27, w = 0.08 + next() * 0.07, h = 0.08 + next() * 0.1
      buildings.push({ ring: [vertex(bx, by), vertex(bx + w, by), vertex(bx + w, by + h), vertex(bx, by + h), vertex(bx, by)] })
    }
  }
  return { blocks, buildings }
}

const ROAD_NAMES = [['承水路', 'Chengshui Road'], ['坛山路', 'Tanshan Road'], ['解放路', 'Jiefang Road'], ['中兴大道', 'Zhongxing Avenue'], ['榴园大道', 'Liuyuan Avenue'], ['铁路南街', 'South Railway Street'], ['文化路', 'Wenhua Road'], ['沿河路', 'Riverside Road']]
function makeRoads() {
  const roads = []
  for (let y = 0; y <= ROWS; y++) roads.push({ class: y % 6 === 0 ? 'main' : y % 3 === 0 ? 'secondary' : 'branch', at: line([0, y], [COLS, y], 72) })
  for (let x = 0; x <= COLS; x++) roads.push({ class: x % 12 === 0 ? 'main' : x % 4 === 0 ? 'secondary' : 'branch', at: line([x, 0], [x, ROWS], 48) })
  let n = 0
  for (const road of roads) if (road.class !== 'branch') {
    const [zh, en] = ROAD_NAMES[n % ROAD_NAMES.length]
    const part = Math.floor(n++ / ROAD_NAMES.length)
    road.name = { zh: (['', '东', '西', '新'][part] ?? '') + zh, en: (['', 'East ', 'West ', 'New '][part] ?? '') + en }
  }
  return roads
}

function makeRiver() {
  const top = [], bottom = []
  for (let x = -2; x <= COLS + 2; x += 0.5) {
    const y = 6.6 + 2.1 * Math.sin(x * 0.17) - x * 0.05
    top.push(vertex(x, y + 0.28 + 0.06 * Math.sin(x)))
    bottom.unshift(vertex(x, y - 0.12))
  }
  return [...top, ...bottom, top[0]]
}

export function makeCity(seed = 7) {
  const next = random(seed)
  const areas = makeAreas()
  const grids = makeGrids(areas)
  const components = Array.from({ length: 1500 }, (_, i) => ({ class: ['lamp', 'manhole', 'hydrant', 'tree'][i % 4], code: `3704040${(i % 4) + 1}${String(i).padStart(6, '0')}`, at: vertex(Math.round(next() * COLS * 4) / 4 + 0.05, Math.round(next() * ROWS * 4) / 4 + 0.05) }))
  return {
    name: { zh: '榴城', en: 'Liucheng' },
    centre: vertex(COLS / 2, ROWS / 2),
    bounds: [WEST - 0.002, SOUTH - 0.002, WEST + COLS * STEP_X + 0.002, SOUTH + ROWS * STEP_Y + 0.002],
    areas, grids, roads: makeRoads(), river: makeRiver(), components, ...makeBlocks(next),
    point: (grid, next2) => vertex(grid.x + 0.1 + next2() * 0.8, grid.y + 0.1 + next2() * 0.8),
  }
}
