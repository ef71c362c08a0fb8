// Entities that tests make. All that has a name carries the mark of this run, so that a service with other contents can be tested, and swept afterwards.
import assert from 'node:assert/strict'
import { at, done, get, idOf, list, literal, post, read, remove } from './client.mjs'
import { hour } from './times.mjs'

export const mark = `conformance${Math.random().toString(36).slice(2, 9)}`
let names = 0
export const named = (words) => `${mark} ${words} ${(names += 1)}`

/** Entity sets with the names of one, what is mandatory, and where their links lead. */
export const MODEL = {
  Things: { one: 'Thing', needs: ['name', 'description'], may: ['properties'], links: { Datastreams: 'Datastreams', Locations: 'Locations', HistoricalLocations: 'HistoricalLocations' } },
  Locations: { one: 'Location', needs: ['name', 'description', 'encodingType', 'location'], may: ['properties'], links: { Things: 'Things', HistoricalLocations: 'HistoricalLocations' } },
  HistoricalLocations: { one: 'HistoricalLocation', needs: ['time'], may: [], links: { Thing: 'Things', Locations: 'Locations' } },
  Datastreams: {
    one: 'Datastream', needs: ['name', 'description', 'observationType', 'unitOfMeasurement'], may: ['properties', 'observedArea', 'phenomenonTime', 'resultTime'],
    links: { Thing: 'Things', Sensor: 'Sensors', ObservedProperty: 'ObservedProperties', Observations: 'Observations' },
  },
  Sensors: { one: 'Sensor', needs: ['name', 'description', 'encodingType', 'metadata'], may: ['properties'], links: { Datastreams: 'Datastreams' } },
  ObservedProperties: { one: 'ObservedProperty', needs: ['name', 'definition', 'description'], may: ['properties'], links: { Datastreams: 'Datastreams' } },
  Observations: {
    one: 'Observation', needs: ['phenomenonTime', 'result', 'resultTime'], may: ['resultQuality', 'validTime', 'parameters'],
    links: { Datastream: 'Datastreams', FeatureOfInterest: 'FeaturesOfInterest' },
  },
  FeaturesOfInterest: { one: 'FeatureOfInterest', needs: ['name', 'description', 'encodingType', 'feature'], may: ['properties'], links: { Observations: 'Observations' } },
}
export const SETS = Object.keys(MODEL)

const OM = 'http://www.opengis.net/def/observationType/OGC-OM/2.0/'
export const KIND = { number: `${OM}OM_Measurement`, count: `${OM}OM_CountObservation`, truth: `${OM}OM_TruthObservation`, category: `${OM}OM_CategoryObservation`, any: `${OM}OM_Observation` }
export const CELSIUS = { name: 'degree Celsius', symbol: '°C', definition: 'http://www.qudt.org/qudt/owl/1.0.0/unit/Instances.html#DegreeCelsius' }
export const NO_UNIT = { name: null, symbol: null, definition: null }
export const point = (lon, lat) => ({ type: 'Point', coordinates: [lon, lat] })

// Representations of one entity each, valid as they stand, but for links that are mandatory.
export const thing = (more = {}) => ({ name: named('pump house'), description: 'Two pumps below the road', ...more })
export const location = (more = {}) => ({ name: named('underpass'), description: 'Below the railway', encodingType: 'application/geo+json', location: point(117.55, 34.86), ...more })
export const sensor = (more = {}) => ({ name: named('gauge'), description: 'Ultrasonic', encodingType: 'application/pdf', metadata: 'https://example.org/gauge.pdf', ...more })
export const property = (more = {}) => ({ name: named('temperature'), definition: 'https://example.org/temperature', description: 'Of the air', ...more })
export const feature = (more = {}) => ({ name: named('road'), description: 'The lowest lane', encodingType: 'application/geo+json', feature: point(117.56, 34.87), ...more })
export const stream = (more = {}) => ({ name: named('air temperature'), description: 'Each minute', observationType: KIND.number, unitOfMeasurement: CELSIUS, ...more })
export const to = (id) => ({ '@iot.id': id })

/** Makes an entity that must be taken; gives its id. */
export async function make(path, body) {
  const said = await done(post(path, body), 201)
  const link = said.headers.get('location')
  assert.ok(link, `a header Location is wanted: ${said.what}`)
  return idOf(link)
}

// What many tests need and none changes.
const shared = new Map()
const once = (what, how) => () => shared.get(what) ?? shared.set(what, how()).get(what)
export const anySensor = once('sensor', () => make('Sensors', sensor()))
export const anyProperty = once('property', () => make('ObservedProperties', property()))
/** Of observations that need none of the Thing's. */
export const anyFeature = once('feature', () => make('FeaturesOfInterest', feature()))

export const makeThing = (more) => make('Things', thing(more))
/** A Datastream of a new Thing without a place, unless another is given. */
export async function makeStream(more = {}) {
  const links = { Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  return make('Datastreams', stream({ Thing: more.Thing ?? to(await makeThing()), ...links, ...more }))
}
/** One observation, of the shared feature unless another is given. */
export const makeObservation = async (datastream, more = {}) =>
  make(at('Datastreams', datastream, 'Observations'), { phenomenonTime: hour(1), resultTime: hour(1), result: 21.5, FeatureOfInterest: to(await anyFeature()), ...more })

/** One of each set, joined together; the same for all tests, which only read it. Gives the ids by the names of sets. */
export const town = once('town', async () => {
  const ids = {}
  ids.Things = await make('Things', thing({ properties: { colour: 'red', doors: 2, open: false, keeper: { team: 'drains', shift: 3 } } }))
  ids.Locations = await make(at('Things', ids.Things, 'Locations'), location({ properties: { depth: 3.5 } }))
  ids.Sensors = await make('Sensors', sensor({ properties: { maker: 'Wet & Dry' } }))
  ids.ObservedProperties = await make('ObservedProperties', property({ properties: { domain: 'weather' } }))
  ids.FeaturesOfInterest = await make('FeaturesOfInterest', feature({ properties: { lanes: 4 } }))
  ids.Datastreams = await make('Datastreams', stream({
    Thing: to(ids.Things), Sensor: to(ids.Sensors), ObservedProperty: to(ids.ObservedProperties), properties: { every_s: 60 },
    observedArea: { type: 'Polygon', coordinates: [[[117.5, 34.8], [117.6, 34.8], [117.6, 34.9], [117.5, 34.9], [117.5, 34.8]]] },
  }))
  const all = { phenomenonTime: hour(1), resultTime: hour(1), validTime: `${hour(1)}/${hour(2)}`, result: 21.5, parameters: { rain: 'none' }, FeatureOfInterest: to(ids.FeaturesOfInterest) }
  ids.Observations = await make(at('Datastreams', ids.Datastreams, 'Observations'), all)
  ids.HistoricalLocations = (await read(at('Things', ids.Things, 'HistoricalLocations'))).value[0]?.['@iot.id'] ?? assert.fail('a HistoricalLocation of the Thing is wanted')
  return ids
})

/** Whether an entity with that name is in the set. */
export const isThere = async (set, name) => (await list(set, { $filter: `name eq '${name}'` })).length > 0

/** Deletes what this run made. What is not taken away is told, and no failure. */
export async function sweep() {
  for (const set of ['Things', 'Locations', 'FeaturesOfInterest', 'Sensors', 'ObservedProperties']) {
    for (let left = 10000, last; left > 0; --left) {
      const page = (await get(set, { $filter: `startswith(name,'${mark}')`, $select: 'id', $top: 100 })).json?.value ?? []
      const ids = page.map((one) => one['@iot.id']).filter((id) => id !== undefined)
      if (!ids.length || literal(ids[0]) === last) break
      last = literal(ids[0])
      for (const id of ids) await remove(at(set, id))
    }
  }
}
