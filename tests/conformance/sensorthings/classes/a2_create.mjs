// A.2 create-update-delete: making one entity, linked to what is there.
import assert from 'node:assert/strict'
import { address, at, done, get, idOf, list, post, read, refused } from '../support/client.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour, sameTime, span } from '../support/times.mjs'
import {
  anyFeature, anyProperty, anySensor, feature, isThere, KIND, location, make, makeObservation, makeStream, makeThing, mark, MODEL, named, NO_UNIT, property, sensor, SETS, stream, thing, to, town,
} from '../support/world.mjs'

const NOBODY = 9007199254740991
const create = of('create-update-delete/create-entity')

/** A valid body for each set, with all its optional properties, linked to entities of the town. */
async function bodies() {
  const ids = await town()
  const properties = { 高: 1.5, list: [1, 'a', null] }
  const link = { Thing: to(ids.Things), Sensor: to(ids.Sensors), ObservedProperty: to(ids.ObservedProperties) }
  return {
    Things: thing({ properties }),
    Locations: location({ properties }),
    HistoricalLocations: { time: hour(-100), Thing: to(await makeThing()), Locations: [to(ids.Locations)] },
    Datastreams: stream({ properties, ...link }),
    Sensors: sensor({ properties }),
    ObservedProperties: property({ properties }),
    Observations: { phenomenonTime: hour(30), resultTime: hour(31), validTime: span(30, 40), result: 7.25, parameters: properties, Datastream: to(await makeStream()), FeatureOfInterest: to(ids.FeaturesOfInterest) },
    FeaturesOfInterest: feature({ properties }),
  }
}
const isTime = (name) => /[tT]ime$/.test(name)

for (const set of SETS) {
  create(`${MODEL[set].one}: 201, a header Location, and all its properties are kept`, async () => {
    const body = (await bodies())[set]
    const said = await done(post(set, body), 201)
    const link = said.headers.get('location')
    assert.equal(address(link), address(at(set, idOf(link))))
    const entity = await read(link)
    for (const [name, value] of Object.entries(body).filter(([each]) => !MODEL[set].links[each])) {
      if (isTime(name)) assert.ok(sameTime(entity[name], value), `${name}: ${entity[name]} for ${value}`)
      else assert.deepEqual(entity[name], value, name)
    }
    if (said.json) assert.deepEqual(said.json['@iot.id'], entity['@iot.id'])
  })

  create(`${MODEL[set].one}: without what is mandatory it is 400, and nothing is made`, async () => {
    const whole = (await bodies())[set]
    const needed = MODEL[set].needs.filter((name) => !(set === 'Observations' && isTime(name)))
    for (const name of needed) {
      for (const bad of name === 'result' || name === 'unitOfMeasurement' || name === 'metadata' ? [undefined] : [undefined, null]) {
        const body = { ...whole, [name]: bad, ...(whole.name && name !== 'name' ? { name: named('refused') } : {}) }
        await refused(post(set, body), 400, 422)
        if (body.name) assert.equal(await isThere(set, body.name), false, `${set} without ${name}`)
      }
    }
  })
}

create('a body that is no JSON object is 400', async () => {
  const { Things } = await town()
  for (const body of ['', '{', '[]', '"x"', 'null', '1', '{"name":"a","description":"b"} x', `[${JSON.stringify(thing())}]`, '{"name":"a" "description":"b"}']) await refused(post('Things', body), 400)
  assert.ok((await read(at('Things', Things))).name)
})
create('a property of the wrong type is 400', async () => {
  await town()
  const wrong = [['Things', thing({ name: 5 })], ['Things', thing({ description: {} })], ['Things', thing({ properties: 'wet' })], ['Things', thing({ properties: [1] })], ['Locations', location({ location: 'here' })],
    ['FeaturesOfInterest', feature({ feature: 7 })], ['Sensors', sensor({ encodingType: 5 })], ['ObservedProperties', property({ definition: 5 })]]
  for (const [set, body] of wrong) await refused(post(set, body), 400, 422)
  const stem = { Thing: to(await makeThing()), Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  for (const more of [{ unitOfMeasurement: 'cm' }, { observationType: 3 }, { observedArea: 'all' }]) await refused(post('Datastreams', stream({ ...stem, ...more })), 400, 422)
  const id = await makeStream()
  for (const more of [{ phenomenonTime: 'yesterday' }, { phenomenonTime: 5 }, { phenomenonTime: '2026-13-45T00:00:00Z' }, { resultTime: 'x' }, { validTime: hour(1) }, { validTime: `${hour(2)}/${hour(1)}` }, { phenomenonTime: `${hour(2)}/${hour(1)}` }, { parameters: 3 }]) {
    await refused(post(at('Datastreams', id, 'Observations'), { result: 1, phenomenonTime: hour(1), FeatureOfInterest: to(await anyFeature()), ...more }), 400, 422)
  }
  assert.deepEqual(await list(at('Datastreams', id, 'Observations')), [])
})
create('a place that is no geometry is 400', async () => {
  await make('Locations', location())
  for (const bad of [{ type: 'Point' }, { type: 'Point', coordinates: [200, 95] }, { type: 'Point', coordinates: ['a', 'b'] }, { type: 'Polygon', coordinates: [[[1, 1], [2, 2]]] }]) await refused(post('Locations', location({ location: bad })), 400, 422)
})
create('a place may be a point, a line, an area, several of them, or a feature around one', async () => {
  const area = [[[117, 34], [117.1, 34], [117.1, 34.1], [117, 34]]]
  const shapes = [{ type: 'Point', coordinates: [117, 34] }, { type: 'Point', coordinates: [117, 34, 12.5] }, { type: 'LineString', coordinates: [[117, 34], [117.1, 34.1]] }, { type: 'Polygon', coordinates: area },
    { type: 'MultiPoint', coordinates: [[117, 34], [117.1, 34.1]] }, { type: 'MultiPolygon', coordinates: [area] }, { type: 'Feature', properties: { floor: 2 }, geometry: { type: 'Point', coordinates: [117, 34] } }]
  for (const shape of shapes) {
    assert.deepEqual((await read(at('Locations', await make('Locations', location({ location: shape }))))).location, shape)
    assert.deepEqual((await read(at('FeaturesOfInterest', await make('FeaturesOfInterest', feature({ feature: shape }))))).feature, shape)
  }
})
create('names of any script, long ones, and quotes', async () => {
  for (const name of [`${mark} 水位计·第三号 🌊`, `${mark} it's "quoted" \\ %27 <b>&amp;`, `${mark} ${'long '.repeat(40)}`]) {
    const id = await make('Things', thing({ name }))
    assert.equal((await read(at('Things', id))).name, name)
    assert.equal((await list('Things', { $filter: `name eq '${name.replaceAll("'", "''")}'` }))[0]?.['@iot.id'], id)
  }
})
create('a Sensor may be described by text or by JSON', async () => {
  for (const metadata of ['https://example.org/a.pdf', { model: 'X1', range: [0, 300] }]) assert.deepEqual((await read(at('Sensors', await make('Sensors', sensor({ metadata, encodingType: 'text/html' }))))).metadata, metadata)
})

const ANY = { observationType: KIND.any, unitOfMeasurement: NO_UNIT }
const RESULTS = {
  number: [[KIND.number, {}], [0, 1, -1, 0.1, -273.15, 1e-7, 1.5e300, 123456789.123, 9007199254740991]],
  count: [[KIND.count, { unitOfMeasurement: NO_UNIT }], [0, 1, 2147483648, 9007199254740991]],
  truth: [[KIND.truth, { unitOfMeasurement: NO_UNIT }], [true, false]],
  category: [[KIND.category, { unitOfMeasurement: NO_UNIT }], ['open', '', '半开', "it's", 'true', '12']],
  any: [[KIND.any, ANY], [1.5, 'text', true, { wind: { speed: 3.5, from: 'NE' } }, [1, 2, 3], ['a', null]]],
}
for (const [kind, [[observationType, more], values]] of Object.entries(RESULTS)) {
  create(`results of a Datastream of kind "${kind}" come back as they went`, async () => {
    const id = await makeStream({ observationType, ...more })
    for (const [i, result] of values.entries()) {
      const made = await makeObservation(id, { result, phenomenonTime: hour(i + 1) })
      assert.deepEqual((await read(at('Observations', made))).result, result)
    }
    const all = await list(at('Datastreams', id, 'Observations'), { $orderby: 'phenomenonTime' })
    assert.deepEqual(all.map((one) => one.result), values)
  })
}
create('an Observation without resultTime has null, in the entity and in the set', async () => {
  const id = await makeObservation(await makeStream(), { resultTime: undefined })
  const entity = await read(at('Observations', id))
  assert.ok('resultTime' in entity)
  assert.equal(entity.resultTime, null)
})
create('an Observation without phenomenonTime is of now', async () => {
  const from = Date.now()
  const { phenomenonTime } = await read(at('Observations', await makeObservation(await makeStream(), { phenomenonTime: undefined, resultTime: undefined })))
  assert.ok(Math.abs(new Date(phenomenonTime) - from) < 60000, phenomenonTime)
})
create('times with any offset are the same instants; intervals stay intervals', async () => {
  const id = await makeStream()
  const local = hour(10).replace('Z', '+08:00')
  assert.ok(sameTime((await read(at('Observations', await makeObservation(id, { phenomenonTime: local })))).phenomenonTime, local))
  const period = (await read(at('Observations', await makeObservation(id, { phenomenonTime: span(20, 21.5) })))).phenomenonTime
  assert.ok(sameTime(period, span(20, 21.5)), period)
  const exact = hour(22).replace('.000Z', '.123Z')
  assert.ok(sameTime((await read(at('Observations', await makeObservation(id, { phenomenonTime: exact })))).phenomenonTime, exact))
})
create('old observations are taken: they may come from an archive', async () => {
  const id = await makeStream()
  const old = '2009-06-30T23:59:59.000Z'
  assert.ok(sameTime((await read(at('Observations', await makeObservation(id, { phenomenonTime: old, resultTime: old })))).phenomenonTime, old))
})
create('an Observation without a feature gets one from the place of its Thing, and the next one the same', async () => {
  const here = location()
  const id = await makeThing({ Locations: [here] })
  const datastream = await makeStream({ Thing: to(id) })
  const first = await makeObservation(datastream, { FeatureOfInterest: undefined })
  const second = await makeObservation(datastream, { FeatureOfInterest: undefined, phenomenonTime: hour(2) })
  const made = await read(at('Observations', first, 'FeatureOfInterest'))
  assert.deepEqual(made.feature, here.location)
  assert.equal((await read(at('Observations', second, 'FeatureOfInterest')))['@iot.id'], made['@iot.id'])
  const other = await makeObservation(await makeStream({ Thing: to(id) }), { FeatureOfInterest: undefined })
  assert.equal((await read(at('Observations', other, 'FeatureOfInterest')))['@iot.id'], made['@iot.id'], 'also of another Datastream of the Thing')
})
create('when the Thing has moved, its next Observation has a feature of the new place', async () => {
  const id = await makeThing({ Locations: [location()] })
  const datastream = await makeStream({ Thing: to(id) })
  const before = await makeObservation(datastream, { FeatureOfInterest: undefined })
  const there = location({ location: { type: 'Point', coordinates: [117.9, 34.1] } })
  await make(at('Things', id, 'Locations'), there)
  const after = await makeObservation(datastream, { FeatureOfInterest: undefined, phenomenonTime: hour(2) })
  assert.deepEqual((await read(at('Observations', after, 'FeatureOfInterest'))).feature, there.location)
  assert.notDeepEqual((await read(at('Observations', before, 'FeatureOfInterest'))).feature, there.location)
})
create('a Datastream tells from when to when it has observations', async () => {
  const id = await makeStream()
  for (const hours of [5, 3, 9]) await makeObservation(id, { phenomenonTime: hour(hours), resultTime: hour(hours + 0.5) })
  const { phenomenonTime, resultTime } = await read(at('Datastreams', id))
  assert.ok(sameTime(phenomenonTime, span(3, 9)), String(phenomenonTime))
  assert.ok(sameTime(resultTime, span(3.5, 9.5)), String(resultTime))
})
create('of a Datastream without observations that time is not told', async () => {
  const entity = await read(at('Datastreams', await makeStream()))
  assert.equal(entity.phenomenonTime ?? null, null)
})

create('posted to the set of another entity it is linked to that one', async () => {
  const ids = { Things: await makeThing(), Sensors: await make('Sensors', sensor()), ObservedProperties: await make('ObservedProperties', property()) }
  const link = { Things: { Thing: to(ids.Things) }, Sensors: { Sensor: to(ids.Sensors) }, ObservedProperties: { ObservedProperty: to(ids.ObservedProperties) } }
  for (const set of Object.keys(ids)) {
    const others = Object.assign({}, ...Object.keys(ids).filter((other) => other !== set).map((other) => link[other]))
    const id = await make(at(set, ids[set], 'Datastreams'), stream(others))
    sameMembers((await list(at(set, ids[set], 'Datastreams'))).map((one) => one['@iot.id']).filter((one) => one === id), [id], `${set}/Datastreams`)
  }
  const place = await make('Locations', location())
  const lamp = await make(at('Locations', place, 'Things'), thing())
  assert.deepEqual((await list(at('Things', lamp, 'Locations'))).map((one) => one['@iot.id']), [place])
  const datastream = await makeStream()
  const road = await make('FeaturesOfInterest', feature())
  const seen = await make(at('FeaturesOfInterest', road, 'Observations'), { phenomenonTime: hour(1), result: 1, Datastream: to(datastream) })
  assert.equal((await read(at('Observations', seen, 'Datastream')))['@iot.id'], datastream)
  assert.equal((await read(at('Observations', seen, 'FeatureOfInterest')))['@iot.id'], road)
})

const existing = of('create-update-delete/link-to-existing-entities')
existing('a Datastream is linked to its Thing, Sensor and ObservedProperty', async () => {
  const links = { Thing: await makeThing(), Sensor: await make('Sensors', sensor()), ObservedProperty: await make('ObservedProperties', property()) }
  const id = await make('Datastreams', stream(Object.fromEntries(Object.entries(links).map(([name, there]) => [name, to(there)]))))
  for (const [name, there] of Object.entries(links)) assert.equal((await read(at('Datastreams', id, name)))['@iot.id'], there, name)
})
existing('a Thing is linked to several Locations of one place, a Location to several Things', async () => {
  const places = [await make('Locations', location()), await make('Locations', location({ encodingType: 'text/plain', location: { address: '8 Wall St' } }))]
  const id = await make('Things', thing({ Locations: places.map(to) }))
  sameMembers((await list(at('Things', id, 'Locations'))).map((one) => one['@iot.id']), places, 'Locations of the Thing')
  const things = [await makeThing(), await makeThing()]
  const shared = await make('Locations', location({ Things: things.map(to) }))
  sameMembers((await list(at('Locations', shared, 'Things'))).map((one) => one['@iot.id']), things, 'Things of the Location')
})
existing('a link to what is not there is refused, and nothing is made', async () => {
  await town()
  const links = { Thing: to(await makeThing()), Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  for (const name of Object.keys(links)) {
    const body = stream({ ...links, [name]: to(NOBODY) })
    await refused(post('Datastreams', body), 400, 404, 422)
    assert.equal(await isThere('Datastreams', body.name), false, name)
  }
  const lost = thing({ Locations: [to(NOBODY)] })
  await refused(post('Things', lost), 400, 404, 422)
  assert.equal(await isThere('Things', lost.name), false)
  await refused(post('Observations', { result: 1, phenomenonTime: hour(1), Datastream: to(NOBODY) }), 400, 404, 422)
  await refused(post(`Datastreams(${NOBODY})/Observations`, { result: 1, phenomenonTime: hour(1) }), 400, 404)
  const datastream = await makeStream()
  await refused(post('Observations', { result: 1, phenomenonTime: hour(1), Datastream: to(datastream), FeatureOfInterest: to(NOBODY) }), 400, 404, 422)
  assert.deepEqual(await list(at('Datastreams', datastream, 'Observations')), [])
})
existing('an entity without a link that its integrity needs is refused', async () => {
  const links = { Thing: to(await makeThing()), Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  for (const name of Object.keys(links)) {
    const body = stream({ ...links, [name]: undefined })
    await refused(post('Datastreams', body), 400, 422)
    assert.equal(await isThere('Datastreams', body.name), false, name)
  }
  await refused(post('Observations', { result: 1, phenomenonTime: hour(1), FeatureOfInterest: to(await anyFeature()) }), 400, 422)
  await refused(post('HistoricalLocations', { time: hour(1), Locations: [to((await town()).Locations)] }), 400, 422)
})
existing('an Observation of a Thing without any place is refused or has no feature, and never half made', async () => {
  const datastream = await makeStream()
  const said = await post(at('Datastreams', datastream, 'Observations'), { result: 1, phenomenonTime: hour(1) })
  assert.ok([201, 400, 422].includes(said.status), said.what)
  assert.equal((await list(at('Datastreams', datastream, 'Observations'))).length, said.status === 201 ? 1 : 0)
  if (said.status === 201) assert.ok([200, 204, 404].includes((await get(at('Observations', idOf(said.headers.get('location')), 'FeatureOfInterest'))).status))
})
