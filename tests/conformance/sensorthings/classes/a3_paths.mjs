// A.3 request-data: $filter over the properties of linked entities.
import { at, list } from '../support/client.mjs'
import { finds, refusesFilters } from '../support/filtering.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour } from '../support/times.mjs'
import { CELSIUS, feature, location, make, makeObservation, mark, property, sensor, stream, thing, to } from '../support/world.mjs'

const paths = of('request-data/filter')
const METRE = { name: 'metre', symbol: 'm', definition: 'https://unitsofmeasure.org/m' }

/** Two Things with three Datastreams: names are a word after the mark. */
let made
const streets = () => (made ??= (async () => {
  const called = (word) => ({ name: `${mark} path ${word}` })
  const sensors = { old: await make('Sensors', sensor(called('old sensor'))), new: await make('Sensors', sensor(called('new sensor'))) }
  const kinds = { level: await make('ObservedProperties', property(called('level'))), heat: await make('ObservedProperties', property(called('heat'))) }
  const road = await make('FeaturesOfInterest', feature({ ...called('road'), properties: { lanes: 4 } })), river = await make('FeaturesOfInterest', feature({ ...called('river'), properties: { lanes: 0 } }))
  const north = await make('Things', thing({ ...called('north'), properties: { side: 'n' }, Locations: [location(called('north place'))] })), south = await make('Things', thing({ ...called('south'), properties: { side: 's' } }))
  const made1 = async (word, Thing, Sensor, ObservedProperty, unitOfMeasurement) => make('Datastreams', stream({ ...called(word), Thing: to(Thing), Sensor: to(Sensor), ObservedProperty: to(ObservedProperty), unitOfMeasurement }))
  const a = await made1('a', north, sensors.old, kinds.level, METRE), b = await made1('b', north, sensors.new, kinds.heat, CELSIUS), c = await made1('c', south, sensors.new, kinds.level, METRE)
  const observations = []
  for (const [datastream, word, results, at1] of [[a, 'a', [1, 2], road], [b, 'b', [21, 22], river], [c, 'c', [100], road]]) {
    for (const [i, result] of results.entries()) observations.push({ label: `${word}${result}`, result, id: await makeObservation(datastream, { result, phenomenonTime: hour(i + 1), FeatureOfInterest: to(at1) }) })
  }
  return {
    ids: { north, south, a, b, c, road, river, ...sensors }, observations, datastreams: [['a', a], ['b', b], ['c', c]].map(([label, id]) => ({ label, id })), things: [['north', north], ['south', south]].map(([label, id]) => ({ label, id })),
    sensors: Object.entries(sensors).map(([label, id]) => ({ label, id })), kinds: Object.entries(kinds).map(([label, id]) => ({ label, id })), features: [['road', road], ['river', river]].map(([label, id]) => ({ label, id })),
  }
})())
const on = (name, run) => paths(`paths: ${name}`, async () => run(await streets()))
const is = (path, word) => `${path} eq '${mark} path ${word}'`

on('the id of a linked entity', async ({ observations, ids }) => finds('Observations', observations, [[`Datastream/id eq ${ids.a}`, ['a1', 'a2']], [`Datastream/@iot.id eq ${ids.a}`, ['a1', 'a2']], [`FeatureOfInterest/id eq ${ids.river}`, ['b21', 'b22']], [`Datastream/Thing/id eq ${ids.south}`, ['c100']]]))
on('one step to one entity', async ({ datastreams, observations }) => {
  await finds('Datastreams', datastreams, [[is('Thing/name', 'north'), ['a', 'b']], [is('Sensor/name', 'new sensor'), ['b', 'c']], [is('ObservedProperty/name', 'level'), ['a', 'c']], [`${is('Thing/name', 'north')} and ${is('ObservedProperty/name', 'level')}`, ['a']]])
  await finds('Observations', observations, [[is('Datastream/name', 'b'), ['b21', 'b22']], [is('FeatureOfInterest/name', 'road'), ['a1', 'a2', 'c100']]])
})
on('two and three steps', async ({ observations }) => finds('Observations', observations, [
  [is('Datastream/Thing/name', 'north'), ['a1', 'a2', 'b21', 'b22']], [is('Datastream/ObservedProperty/name', 'level'), ['a1', 'a2', 'c100']], [is('Datastream/Thing/Locations/name', 'north place'), ['a1', 'a2', 'b21', 'b22']],
  [`${is('Datastream/Thing/name', 'north')} and result gt 1 and ${is('Datastream/Sensor/name', 'old sensor')}`, ['a2']],
]))
on('a part of a complex property, of itself and of another', async ({ datastreams, observations }) => {
  await finds('Datastreams', datastreams, [[`unitOfMeasurement/symbol eq 'm' and startswith(name,'${mark}')`, ['a', 'c']], [`unitOfMeasurement/name ne 'metre' and startswith(name,'${mark} path')`, ['b']], [`Thing/properties/side eq 's' and startswith(name,'${mark}')`, ['c']]])
  await finds('Observations', observations, [[`Datastream/unitOfMeasurement/symbol eq 'm' and startswith(Datastream/name,'${mark} path')`, ['a1', 'a2', 'c100']], [`FeatureOfInterest/properties/lanes gt 3 and startswith(Datastream/name,'${mark} path')`, ['a1', 'a2', 'c100']]])
})
on('through a link to many: any of them', async ({ things, sensors, kinds, features }) => {
  await finds('Things', things, [[is('Datastreams/ObservedProperty/name', 'heat'), ['north']], [is('Datastreams/ObservedProperty/name', 'level'), ['north', 'south']], [is('Locations/name', 'north place'), ['north']]])
  await finds('Things', things, [[`Datastreams/Observations/result gt 50 and startswith(name,'${mark} path')`, ['south']], [`Datastreams/Observations/result lt 50 and startswith(name,'${mark} path')`, ['north']], [`Datastreams/Observations/FeatureOfInterest/name eq '${mark} path river'`, ['north']]])
  await finds('Sensors', sensors, [[is('Datastreams/Thing/name', 'north'), ['old', 'new']], [is('Datastreams/Thing/name', 'south'), ['new']], [is('Datastreams/name', 'a'), ['old']]])
  await finds('ObservedProperties', kinds, [[is('Datastreams/Thing/name', 'south'), ['level']], [`Datastreams/Observations/result eq 21 and startswith(name,'${mark} path')`, ['heat']]])
  await finds('FeaturesOfInterest', features, [[is('Observations/Datastream/name', 'c'), ['road']], [`Observations/result gt 20 and startswith(name,'${mark} path')`, ['road', 'river']]])
})
on('an entity of a link to many is named once', async ({ things }) => finds('Things', things, [[`startswith(Datastreams/name,'${mark} path')`, ['north', 'south']], [`Datastreams/Observations/result gt 0 and startswith(name,'${mark} path')`, ['north', 'south']]]))
on('in functions and arithmetic', async ({ observations }) => finds('Observations', observations, [
  [`endswith(Datastream/name,'path c') and startswith(Datastream/name,'${mark}')`, ['c100']], [`length(Datastream/unitOfMeasurement/symbol) eq 2 and startswith(Datastream/name,'${mark} path')`, ['b21', 'b22']],
  [`result sub FeatureOfInterest/properties/lanes eq -3 and startswith(Datastream/name,'${mark} path')`, ['a1']], [`result gt FeatureOfInterest/properties/lanes and startswith(Datastream/name,'${mark} path')`, ['b21', 'b22', 'c100']],
]))
on('and within the set of another entity', async ({ ids, datastreams, observations }) => {
  await finds(at('Things', ids.north, 'Datastreams'), datastreams, [[is('ObservedProperty/name', 'level'), ['a']], [is('Thing/name', 'south'), []]])
  await finds(at('FeaturesOfInterest', ids.road, 'Observations'), observations, [[is('Datastream/Thing/name', 'south'), ['c100']]])
  await finds(at('Sensors', ids.new, 'Datastreams'), datastreams, [['Observations/result gt 50', ['c']]])
})
on('HistoricalLocations by their Thing and time', async ({ ids }) => {
  const found = await list('HistoricalLocations', { $filter: `${is('Thing/name', 'north')} and time gt 2000-01-01T00:00:00Z`, $expand: 'Thing' })
  sameMembers(found.map((one) => one.Thing['@iot.id']), [ids.north], 'of north')
})
on('a link is not compared, a property has no links', async () => {
  await refusesFilters('Observations', ['Datastream eq 1', "Datastream/Thing eq 'x'", 'Datastream/name/length eq 1', 'phenomenonTime/Thing eq 1'])
  await refusesFilters('Things', ['Datastreams eq 1', 'Datastreams/result gt 1', 'Sensor/id eq 1'])
})
