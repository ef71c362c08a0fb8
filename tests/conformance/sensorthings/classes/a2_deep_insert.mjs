// A.2 create-update-delete: an entity with others inside of it, all or none.
import assert from 'node:assert/strict'
import { address, at, done, idOf, list, post, read, refused } from '../support/client.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour, sameTime } from '../support/times.mjs'
import { anyFeature, anyProperty, anySensor, feature, isThere, KIND, location, make, makeStream, makeThing, NO_UNIT, property, sensor, stream, thing, to, town } from '../support/world.mjs'

const deep = of('create-update-delete/deep-insert')
const NOBODY = 9007199254740991

/** A Thing with everything below it. */
const oven = () => thing({
  properties: { colour: 'silver' },
  Locations: [location()],
  Datastreams: [
    stream({ Sensor: sensor(), ObservedProperty: property(), Observations: [
      { phenomenonTime: hour(1), resultTime: hour(1), result: 70.4, FeatureOfInterest: feature() },
      { phenomenonTime: hour(2), result: 71 },
    ] }),
    stream({ Sensor: sensor(), ObservedProperty: property(), observationType: KIND.truth, unitOfMeasurement: NO_UNIT, Observations: [{ phenomenonTime: hour(1), result: true }] }),
  ],
})

deep('a Thing with Locations, Datastreams, Sensors, ObservedProperties, Observations and features', async () => {
  const body = oven()
  const id = await make('Things', body)
  assert.equal((await read(at('Things', id))).name, body.name)
  assert.deepEqual((await list(at('Things', id, 'Locations'))).map((one) => one.name), [body.Locations[0].name])
  assert.equal((await list(at('Things', id, 'HistoricalLocations'))).length, 1)
  const made = await list(at('Things', id, 'Datastreams'))
  sameMembers(made.map((one) => one.name), body.Datastreams.map((one) => one.name), 'Datastreams')
  for (const sent of body.Datastreams) {
    const datastream = at('Datastreams', made.find((one) => one.name === sent.name)['@iot.id'])
    assert.equal((await read(`${datastream}/Sensor`)).name, sent.Sensor.name)
    assert.equal((await read(`${datastream}/ObservedProperty`)).name, sent.ObservedProperty.name)
    const observations = await list(`${datastream}/Observations`, { $orderby: 'phenomenonTime' })
    assert.deepEqual(observations.map((one) => one.result), sent.Observations.map((one) => one.result))
    assert.ok(sameTime(observations[0].phenomenonTime, sent.Observations[0].phenomenonTime))
  }
  const first = (await list(at('Datastreams', made.find((one) => one.name === body.Datastreams[0].name)['@iot.id'], 'Observations'), { $orderby: 'phenomenonTime', $expand: 'FeatureOfInterest' }))
  assert.equal(first[0].FeatureOfInterest.name, body.Datastreams[0].Observations[0].FeatureOfInterest.name)
  assert.deepEqual(first[1].FeatureOfInterest.feature, body.Locations[0].location)
})
deep('a Datastream with its Thing, Sensor, ObservedProperty and Observations', async () => {
  const body = stream({ Thing: thing({ Locations: [location()] }), Sensor: sensor(), ObservedProperty: property(), Observations: [{ phenomenonTime: hour(1), result: 1 }] })
  const id = await make('Datastreams', body)
  for (const one of ['Thing', 'Sensor', 'ObservedProperty']) assert.equal((await read(at('Datastreams', id, one))).name, body[one].name)
  assert.equal((await list(at('Datastreams', id, 'Observations'))).length, 1)
  assert.equal((await list(at('Datastreams', id, 'Thing', 'Locations')))[0].name, body.Thing.Locations[0].name)
})
deep('an Observation with its Datastream and everything above it, and its feature', async () => {
  const body = { phenomenonTime: hour(1), result: 5, Datastream: stream({ Thing: thing(), Sensor: sensor(), ObservedProperty: property() }), FeatureOfInterest: feature() }
  const id = await make('Observations', body)
  assert.equal((await read(at('Observations', id, 'Datastream', 'Thing'))).name, body.Datastream.Thing.name)
  assert.equal((await read(at('Observations', id, 'FeatureOfInterest'))).name, body.FeatureOfInterest.name)
})
deep('a Sensor or an ObservedProperty with a Datastream', async () => {
  for (const [set, one, other] of [['Sensors', sensor, { ObservedProperty: property() }], ['ObservedProperties', property, { Sensor: sensor() }]]) {
    const inside = stream({ Thing: to(await makeThing()), ...other })
    const id = await make(set, one({ Datastreams: [inside] }))
    assert.deepEqual((await list(at(set, id, 'Datastreams'))).map((each) => each.name), [inside.name], set)
  }
})
deep('a Location with Things, a feature with Observations, a HistoricalLocation with its Thing', async () => {
  const lamp = thing()
  const place = await make('Locations', location({ Things: [lamp] }))
  assert.deepEqual((await list(at('Locations', place, 'Things'))).map((one) => one.name), [lamp.name])
  const datastream = await makeStream()
  const road = await make('FeaturesOfInterest', feature({ Observations: [{ phenomenonTime: hour(1), result: 1, Datastream: to(datastream) }] }))
  assert.equal((await list(at('FeaturesOfInterest', road, 'Observations'))).length, 1)
  const walker = thing(), there = location()
  const past = await make('HistoricalLocations', { time: hour(-5), Thing: walker, Locations: [there] })
  assert.equal((await read(at('HistoricalLocations', past, 'Thing'))).name, walker.name)
  assert.deepEqual((await list(at('HistoricalLocations', past, 'Locations'))).map((one) => one.name), [there.name])
})
deep('new entities and links to old ones may stand side by side', async () => {
  const shared = await anySensor()
  const body = thing({ Datastreams: [stream({ Sensor: to(shared), ObservedProperty: property() }), stream({ Sensor: sensor(), ObservedProperty: to(await anyProperty()) })] })
  const [first, second] = await list(at('Things', await make('Things', body), 'Datastreams'), { $orderby: 'id', $expand: 'Sensor,ObservedProperty' })
  assert.equal(first.Sensor['@iot.id'], shared)
  assert.equal(second.Sensor.name, body.Datastreams[1].Sensor.name)
})
deep('an id inside of a new entity is ignored', async () => {
  const body = { '@iot.id': NOBODY, ...stream({ Thing: { '@iot.id': NOBODY - 1, ...thing() }, Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }) }
  const id = await make('Datastreams', body)
  assert.notEqual(id, NOBODY)
  const inside = await read(at('Datastreams', id, 'Thing'))
  assert.equal(inside.name, body.Thing.name)
  assert.notEqual(inside['@iot.id'], NOBODY - 1)
})
deep('also within the set of another entity', async () => {
  const id = await makeThing()
  const body = stream({ Sensor: sensor(), ObservedProperty: property() })
  const made = await make(at('Things', id, 'Datastreams'), body)
  assert.equal((await read(at('Datastreams', made, 'Sensor'))).name, body.Sensor.name)
  assert.equal((await read(at('Datastreams', made, 'Thing')))['@iot.id'], id)
})
deep('many at once: 250 Observations in a new Datastream', async () => {
  const Observations = Array.from({ length: 250 }, (_, i) => ({ phenomenonTime: hour(i / 60), result: i, FeatureOfInterest: to(0) }))
  const road = to(await anyFeature())
  for (const one of Observations) one.FeatureOfInterest = road
  const id = await make('Datastreams', stream({ Thing: to(await makeThing()), Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()), Observations }))
  assert.equal((await read(at('Datastreams', id, 'Observations'), { $count: 'true', $top: 1 }))['@iot.count'], 250)
})

// One thing is wrong, far down; nothing of the rest may be there.
const faults = {
  'a Sensor without metadata': (body) => delete body.Datastreams[1].Sensor.metadata,
  'an ObservedProperty without definition': (body) => delete body.Datastreams[1].ObservedProperty.definition,
  'a Datastream without its unit': (body) => delete body.Datastreams[1].unitOfMeasurement,
  'a Datastream without a Sensor': (body) => delete body.Datastreams[0].Sensor,
  'a Datastream linked to a Sensor that is not there': (body) => { body.Datastreams[1].Sensor = to(NOBODY) },
  'a Location without a name': (body) => delete body.Locations[0].name,
  'an Observation without a result': (body) => delete body.Datastreams[0].Observations[1].result,
  'an Observation at no time': (body) => { body.Datastreams[0].Observations[1].phenomenonTime = 'noon' },
  'a feature without a geometry': (body) => delete body.Datastreams[0].Observations[0].FeatureOfInterest.feature,
  'a list where one entity is wanted': (body) => { body.Datastreams[0].Sensor = [body.Datastreams[0].Sensor] },
  'one entity where a list is wanted': (body) => { body.Locations = body.Locations[0] },
}
for (const [what, spoil] of Object.entries(faults)) {
  deep(`all or nothing: ${what}`, async () => {
    const body = oven()
    const names = [['Things', body.name], ...body.Locations.map((one) => ['Locations', one.name]),
      ...body.Datastreams.flatMap((one) => [['Datastreams', one.name], ['Sensors', one.Sensor.name], ['ObservedProperties', one.ObservedProperty.name]]),
      ['FeaturesOfInterest', body.Datastreams[0].Observations[0].FeatureOfInterest.name]].filter(([, name]) => name)
    spoil(body)
    await refused(post('Things', body), 400, 404, 422)
    for (const [set, name] of names) assert.equal(await isThere(set, name), false, `${name} of ${set} was made`)
  })
}
deep('the same without the fault is taken', async () => {
  const body = oven()
  assert.equal((await read(at('Things', await make('Things', body)))).name, body.name)
})

of('create-update-delete/deep-insert-status-code')('201 and the address of the outer entity, for each kind', async () => {
  const ids = await town()
  const bodies = {
    Things: thing({ Locations: [location()] }), Locations: location({ Things: [thing()] }), Sensors: sensor({ Datastreams: [stream({ Thing: thing(), ObservedProperty: to(ids.ObservedProperties) })] }),
    ObservedProperties: property({ Datastreams: [stream({ Thing: thing(), Sensor: to(ids.Sensors) })] }), Datastreams: stream({ Thing: thing(), Sensor: sensor(), ObservedProperty: property() }),
    Observations: { phenomenonTime: hour(50), result: 5, Datastream: to(ids.Datastreams), FeatureOfInterest: feature() }, HistoricalLocations: { time: hour(-7), Thing: thing(), Locations: [location()] },
    FeaturesOfInterest: feature({ Observations: [{ phenomenonTime: hour(51), result: 5, Datastream: to(ids.Datastreams) }] }),
  }
  for (const [set, body] of Object.entries(bodies)) {
    const link = (await done(post(set, body), 201)).headers.get('location')
    assert.equal(address(link), address(at(set, idOf(link))))
    if (body.name) assert.equal((await read(link)).name, body.name)
  }
})
