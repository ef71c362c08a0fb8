// A.3 request-data: geospatial functions. Borders that matter run along meridians, which are straight on a plane and on a globe alike.
import assert from 'node:assert/strict'
import { list, read } from '../support/client.mjs'
import { finds, findsNothing, refusesFilters } from '../support/filtering.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { feature, location, make, makeObservation, makeStream, mark, named, point, thing, to } from '../support/world.mjs'

const geo = of('request-data/built-in-query-functions')
const ring = (west, south, east, north) => [[west, south], [east, south], [east, north], [west, north], [west, south]]
const SQUARE = 'POLYGON((117.2 34.2,117.4 34.2,117.4 34.4,117.2 34.4,117.2 34.2))'
const REVERSED = 'POLYGON((117.2 34.2,117.2 34.4,117.4 34.4,117.4 34.2,117.2 34.2))'
const HOLED = 'POLYGON((117.2 34.2,117.4 34.2,117.4 34.4,117.2 34.4,117.2 34.2),(117.28 34.28,117.28 34.32,117.32 34.32,117.32 34.28,117.28 34.28))'
const MERIDIAN = 'LINESTRING(117.2 34.1,117.2 34.5)'

const SHAPES = {
  inside: point(117.3, 34.3), edge: point(117.2, 34.3), corner: point(117.2, 34.2), outside: point(117.5, 34.3), far: point(-70, -33),
  crossing: { type: 'LineString', coordinates: [[117.1, 34.3], [117.5, 34.35]] }, within: { type: 'LineString', coordinates: [[117.25, 34.25], [117.25, 34.35]] }, touching: { type: 'LineString', coordinates: [[117.1, 34.3], [117.2, 34.3]] },
  same: { type: 'Polygon', coordinates: [ring(117.2, 34.2, 117.4, 34.4)] }, overlapping: { type: 'Polygon', coordinates: [ring(117.35, 34.35, 117.45, 34.45)] }, smaller: { type: 'Polygon', coordinates: [ring(117.25, 34.25, 117.27, 34.27)] },
  away: { type: 'Polygon', coordinates: [ring(118, 35, 118.1, 35.1)] }, around: { type: 'Polygon', coordinates: [ring(117, 34, 118, 35)] }, neighbour: { type: 'Polygon', coordinates: [ring(117.4, 34.2, 117.6, 34.4)] },
}
let made
const shapes = () => (made ??= (async () => {
  const places = [], features = []
  for (const [label, shape] of Object.entries(SHAPES)) {
    places.push({ label, id: await make('Locations', location({ location: shape })) })
    features.push({ label, id: await make('FeaturesOfInterest', feature({ feature: label === 'inside' ? { type: 'Feature', properties: {}, geometry: shape } : shape })) })
  }
  return { places, features }
})())
const ours = (text) => `startswith(name,'${mark}') and ${text}`
/** The same of Locations and of FeaturesOfInterest. */
const on = (name, cases) => geo(name, async () => {
  const { places, features } = await shapes()
  await finds('Locations', places, cases.map(([text, wanted]) => [ours(text.replaceAll('{}', 'location')), wanted]))
  await finds('FeaturesOfInterest', features, cases.map(([text, wanted]) => [ours(text.replaceAll('{}', 'feature')), wanted]))
})
const all = Object.keys(SHAPES)
const but = (...labels) => all.filter((label) => !labels.includes(label))
const APART = ['outside', 'far', 'away']

on('st_within: inside, not on the edge, not outside', [[`st_within({},geography'${SQUARE}')`, ['inside', 'within', 'same', 'smaller']], [`st_within({},geography'${REVERSED}')`, ['inside', 'within', 'same', 'smaller']]])
on('st_within: a hole is outside', [[`st_within({},geography'${HOLED}')`, ['within', 'smaller']]])
on('st_intersects: inside, on the edge, at a corner, across', [[`st_intersects({},geography'${SQUARE}')`, but(...APART)], [`st_intersects({},geography'${HOLED}')`, but(...APART, 'inside')]])
on('st_intersects with a point and with a line', [["st_intersects({},geography'POINT(117.3 34.3)')", ['inside', 'same', 'around']], [`st_intersects({},geography'${MERIDIAN}')`, ['edge', 'corner', 'crossing', 'touching', 'same', 'around']]])
on('geo.intersects', [[`geo.intersects({},geography'${SQUARE}')`, but(...APART)]])
on('st_disjoint', [[`st_disjoint({},geography'${SQUARE}')`, APART], [`not st_disjoint({},geography'${SQUARE}')`, but(...APART)]])
on('st_touches: borders meet, insides do not', [[`st_touches({},geography'${SQUARE}')`, ['edge', 'corner', 'touching', 'neighbour']]])
on('st_equals: the same area, wherever it begins and whichever way round', [[`st_equals({},geography'${SQUARE}')`, ['same']], [`st_equals({},geography'${REVERSED}')`, ['same']], ["st_equals({},geography'POLYGON((117.4 34.4,117.2 34.4,117.2 34.2,117.4 34.2,117.4 34.4))')", ['same']], ["st_equals({},geography'POINT(117.3 34.3)')", ['inside']]])
on('st_contains: the first holds the second', [["st_contains({},geography'POINT(117.3 34.3)')", ['inside', 'same', 'around']], ["st_contains({},geography'POINT(117.2 34.3)')", ['edge', 'around']], [`st_contains({},geography'${SQUARE}')`, ['same', 'around']], [`st_contains(geography'${SQUARE}',{})`, ['inside', 'within', 'same', 'smaller']]])
on('st_overlaps: areas share a part, and none holds the other', [[`st_overlaps({},geography'${SQUARE}')`, ['overlapping']]])
on('st_crosses: a line passes through', [[`st_crosses({},geography'${SQUARE}')`, ['crossing']], [`st_crosses({},geography'${MERIDIAN}')`, ['crossing']]])
on('st_relate: a pattern of nine', [[`st_relate({},geography'${SQUARE}','T*F**F***')`, ['inside', 'within', 'same', 'smaller']], [`st_relate({},geography'${SQUARE}','FF*FF****')`, APART], [`st_relate({},geography'${SQUARE}','T********')`, ['inside', 'crossing', 'within', 'same', 'overlapping', 'smaller', 'around']]])
geo('geo.distance: nothing to itself, something to others', async () => {
  const { places } = await shapes()
  const points = places.filter((row) => SHAPES[row.label].type === 'Point')
  await finds('Locations', points, [
    ["geo.distance(location,geography'POINT(-70 -33)') lt 0.0001", ['far']], ["geo.distance(location,geography'POINT(-70 -33)') gt 0.01", (row) => row.label !== 'far'], ["geo.distance(location,geography'POINT(117.5 34.3)') lt 0.000001", ['outside']],
    ["geo.distance(location,geography'POINT(117.5 34.3)') ge 0", () => true], ["geo.distance(location,geography'POINT(117.3 34.31)') lt geo.distance(location,geography'POINT(-70 -33)')", (row) => row.label !== 'far'],
  ].map(([text, wanted]) => [ours(text), wanted]))
})
geo('geo.distance orders by nearness', async () => {
  const places = []
  for (const lon of [117.9, 117.6, 118.4, 117.7]) places.push(await make('Locations', location({ name: named('ordered'), location: point(lon, 34) })))
  const ids = (await list('Locations', { $filter: `startswith(name,'${mark} ordered')`, $orderby: "geo.distance(location,geography'POINT(117.5 34)')" })).map((one) => one['@iot.id'])
  assert.deepEqual(ids, [places[1], places[3], places[0], places[2]])
})
geo('geo.length of lines', async () => {
  const { places } = await shapes()
  const lines = places.filter((row) => ['crossing', 'within', 'touching'].includes(row.label))
  await finds('Locations', lines, [[ours('geo.length(location) gt 0'), () => true], [ours("geo.length(location) lt geo.length(geography'LINESTRING(117.1 34.3,117.5 34.3)')"), ['within', 'touching']], [ours("geo.length(geography'LINESTRING(0 0,0 1)') gt geo.length(location)"), () => true]])
})
geo('a literal may have spaces, small letters and several parts', async () => {
  const { places } = await shapes()
  for (const text of ['POINT (117.3 34.3)', ' POINT( 117.3   34.3 ) ', 'point(117.3 34.3)']) await finds('Locations', places, [[ours(`st_equals(location,geography'${text}')`), ['inside']]])
  await finds('Locations', places, [[ours("st_within(location,geography'MULTIPOLYGON(((117.2 34.2,117.4 34.2,117.4 34.4,117.2 34.4,117.2 34.2)),((-71 -34,-69 -34,-69 -32,-71 -32,-71 -34)))')"), ['inside', 'within', 'same', 'smaller', 'far']]])
})
geo('through links: Things by their place, Observations by their feature', async () => {
  const here = await make('Things', thing({ Locations: [location({ location: point(117.31, 34.31) })] })), there = await make('Things', thing({ Locations: [location({ location: point(117.6, 34.31) })] }))
  const rows = [{ label: 'here', id: here }, { label: 'there', id: there }]
  await finds('Things', rows, [[ours(`st_within(Locations/location,geography'${SQUARE}')`), ['here']], [ours("geo.distance(Locations/location,geography'POINT(117.6 34.31)') lt 0.0001"), ['there']]])
  const datastream = await makeStream()
  const seen = [{ label: 'in', id: await makeObservation(datastream, { FeatureOfInterest: feature({ feature: point(117.3, 34.3) }) }) }, { label: 'out', id: await makeObservation(datastream, { phenomenonTime: '2026-01-01T00:00:00Z', FeatureOfInterest: feature({ feature: point(117.6, 34.3) }) }) }]
  await finds(`Datastreams(${datastream})/Observations`, seen, [[`st_within(FeatureOfInterest/feature,geography'${SQUARE}')`, ['in']], [`not st_within(FeatureOfInterest/feature,geography'${SQUARE}')`, ['out']]])
})
geo('observedArea of Datastreams', async () => {
  const inside = await makeStream({ observedArea: { type: 'Polygon', coordinates: [ring(117.25, 34.25, 117.3, 34.3)] } }), none = await makeStream()
  const rows = [{ label: 'inside', id: inside }, { label: 'none', id: none }]
  await finds('Datastreams', rows, [[ours(`st_within(observedArea,geography'${SQUARE}')`), ['inside']], [ours("st_within(observedArea,geography'POLYGON((0 0,1 0,1 1,0 0))')"), []]])
})
geo('a place that is no geometry has none', async () => {
  const id = await make('Locations', location({ encodingType: 'text/plain', location: { address: '8 Wall St' } }))
  await findsNothing('Locations', [{ id }], [ours(`st_within(location,geography'${SQUARE}')`), ours(`st_intersects(location,geography'${SQUARE}')`)])
})
geo('broken geometry and wrong arguments are 400', async () => {
  await shapes()
  await refusesFilters('Locations', ["st_within(location,geography'POLYGON((1 1,2 2')", "st_within(location,geography'')", "st_within(location,geography'CIRCLE(1 1,5)')", "st_within(location,geography'POINT(a b)')", 'st_within(location)', "st_relate(location,geography'POINT(1 1)','X')",
    "st_relate(location,geography'POINT(1 1)')", "geo.length(location,location) gt 1", "geo.wetness(location) gt 1", "st_within(name,geography'POINT(1 1)')", "geo.distance(location,5) gt 1"])
})
geo('the answer to a geometry is that which was sent', async () => {
  const { places } = await shapes()
  for (const row of places) assert.deepEqual((await read(`Locations(${row.id})`)).location, SHAPES[row.label], row.label)
  sameMembers(all, places.map((row) => row.label), 'shapes')
  assert.ok(to(places[0].id)['@iot.id'])
})
