// A.2 create-update-delete: PATCH, PUT and JSON Patch.
import assert from 'node:assert/strict'
import { ask, at, done, list, patch, put, read, refused } from '../support/client.mjs'
import { of } from '../support/testing.mjs'
import { hour, sameTime, span } from '../support/times.mjs'
import { anyProperty, anySensor, feature, location, make, makeObservation, makeStream, makeThing, MODEL, named, property, sensor, SETS, stream, thing, to, town } from '../support/world.mjs'

const NOBODY = 9007199254740991
const update = of('create-update-delete/update-entity')

/** A new entity of each kind, its id, and what is to be changed. */
const fresh = {
  Things: async () => [await makeThing({ properties: { a: 1 } }), { description: 'changed' }],
  Locations: async () => [await make('Locations', location()), { location: { type: 'Point', coordinates: [117, 34] } }],
  HistoricalLocations: async () => [await make('HistoricalLocations', { time: hour(-3), Thing: to(await makeThing()), Locations: [to((await town()).Locations)] }), { time: hour(-4) }],
  Datastreams: async () => [await makeStream({ properties: { a: 1 } }), { unitOfMeasurement: { name: 'kelvin', symbol: 'K', definition: 'http://unitsofmeasure.org/ucum.html#para-30' } }],
  Sensors: async () => [await make('Sensors', sensor()), { metadata: 'https://example.org/new.pdf' }],
  ObservedProperties: async () => [await make('ObservedProperties', property()), { definition: 'https://example.org/new' }],
  Observations: async () => [await makeObservation(await makeStream(), { parameters: { a: 1 } }), { result: 99.5 }],
  FeaturesOfInterest: async () => [await make('FeaturesOfInterest', feature()), { feature: { type: 'Point', coordinates: [117, 34] } }],
}
const plain = (entity) => Object.fromEntries(Object.entries(entity).filter(([name]) => !name.includes('@')))
function same(found, wanted, what) {
  for (const [name, value] of Object.entries(wanted)) {
    if (/[tT]ime$/.test(name) && value) assert.ok(sameTime(found[name], value), `${what} ${name}: ${found[name]}`)
    else assert.deepEqual(found[name], value, `${what} ${name}`)
  }
}

for (const set of SETS) {
  const { one } = MODEL[set]
  update(`PATCH of ${one} changes what is named and nothing else`, async () => {
    const [id, change] = await fresh[set]()
    const before = plain(await read(at(set, id)))
    await done(patch(at(set, id), change))
    same(plain(await read(at(set, id))), { ...before, ...change }, one)
  })
  update(`PATCH of ${one} ignores an id`, async () => {
    const [id, change] = await fresh[set]()
    await done(patch(at(set, id), { '@iot.id': NOBODY, ...change }))
    assert.equal((await read(at(set, id)))['@iot.id'], id)
    await refused(ask('GET', at(set, NOBODY)), 404, 410)
  })
  update(`PATCH and PUT of ${one} that is not there fail`, async () => {
    const [, change] = await fresh[set]()
    await refused(patch(at(set, NOBODY), change), 404, 410)
    await refused(put(at(set, NOBODY), change), 404, 410, 400, 405, 501)
  })
  update(`PATCH of ${one} with something wrong changes nothing`, async () => {
    const [id, change] = await fresh[set]()
    const before = await read(at(set, id))
    for (const bad of ['', '{', '[]', '5', 'null']) await refused(patch(at(set, id), bad), 400)
    for (const name of MODEL[set].needs.filter((each) => !['result', 'resultTime', 'phenomenonTime', 'metadata', 'unitOfMeasurement'].includes(each))) {
      await refused(patch(at(set, id), { ...change, [name]: null }), 400, 422)
      await refused(patch(at(set, id), { ...change, [name]: 5 }), 400, 422)
    }
    assert.deepEqual(await read(at(set, id)), before)
  })
}

update('properties are replaced as a whole', async () => {
  const id = await makeThing({ properties: { a: 1, b: { c: 2 } } })
  await done(patch(at('Things', id), { properties: { d: 3 } }))
  assert.deepEqual((await read(at('Things', id))).properties, { d: 3 })
})
update('an optional property can be taken away with null', async () => {
  const id = await makeObservation(await makeStream(), { parameters: { a: 1 }, validTime: span(1, 2) })
  await done(patch(at('Observations', id), { parameters: null, validTime: null }))
  const { parameters = null, validTime = null } = await read(at('Observations', id))
  assert.deepEqual([parameters, validTime], [null, null])
})
update('a changed Observation is found by its new result and not by the old one', async () => {
  const datastream = await makeStream()
  const id = await makeObservation(datastream, { result: 5 })
  await makeObservation(datastream, { result: 6, phenomenonTime: hour(2) })
  await done(patch(at('Observations', id), { result: 50 }))
  assert.deepEqual((await list(at('Datastreams', datastream, 'Observations'), { $filter: 'result gt 10' })).map((one) => one['@iot.id']), [id])
  assert.deepEqual(await list(at('Datastreams', datastream, 'Observations'), { $filter: 'result eq 5' }), [])
  assert.deepEqual((await list(at('Datastreams', datastream, 'Observations'), { $orderby: 'phenomenonTime' })).map((one) => one.result), [50, 6])
})
update('PATCH with links moves a Datastream to another Thing, Sensor and ObservedProperty', async () => {
  const id = await makeStream({ Thing: to(await makeThing()) })
  const others = { Thing: await makeThing(), Sensor: await make('Sensors', sensor()), ObservedProperty: await make('ObservedProperties', property()) }
  for (const [link, other] of Object.entries(others)) {
    await done(patch(at('Datastreams', id), { [link]: to(other) }))
    assert.equal((await read(at('Datastreams', id, link)))['@iot.id'], other, link)
  }
  assert.deepEqual((await list(at('Things', others.Thing, 'Datastreams'))).map((one) => one['@iot.id']), [id])
})
update('PATCH with a link gives an Observation another feature', async () => {
  const id = await makeObservation(await makeStream())
  const other = await make('FeaturesOfInterest', feature())
  await done(patch(at('Observations', id), { FeatureOfInterest: to(other) }))
  assert.equal((await read(at('Observations', id, 'FeatureOfInterest')))['@iot.id'], other)
  assert.deepEqual((await list(at('FeaturesOfInterest', other, 'Observations'))).map((one) => one['@iot.id']), [id])
})
update('PATCH with a link to what is not there changes nothing', async () => {
  const id = await makeStream()
  const before = await read(at('Datastreams', id, 'Thing'))
  await refused(patch(at('Datastreams', id), { description: 'x', Thing: to(NOBODY) }), 400, 404, 422)
  assert.deepEqual(await read(at('Datastreams', id, 'Thing')), before)
  assert.notEqual((await read(at('Datastreams', id))).description, 'x')
})
update('PATCH with a whole entity inside is refused', async () => {
  const datastream = await makeStream()
  const inside = { Things: [await makeThing(), { Locations: [location()] }], Datastreams: [datastream, { Thing: thing() }], Sensors: [await make('Sensors', sensor()), { Datastreams: [stream()] }],
    Observations: [await makeObservation(datastream), { FeatureOfInterest: feature() }], Locations: [await make('Locations', location()), { Things: [thing()] }] }
  for (const [set, [id, body]] of Object.entries(inside)) await refused(patch(at(set, id), { ...body, description: 'x' }), 400, 422)
  assert.notEqual((await read(at('Things', inside.Things[0]))).description, 'x')
})
update('through the address within another entity', async () => {
  const id = await makeStream()
  await done(patch(at('Datastreams', id, 'Thing'), { description: 'by its Datastream' }))
  assert.equal((await read(at('Datastreams', id, 'Thing'))).description, 'by its Datastream')
})

const whole = of('create-update-delete/update-entity-put')
for (const set of ['Things', 'Locations', 'Sensors', 'ObservedProperties', 'FeaturesOfInterest']) {
  whole(`PUT of ${MODEL[set].one}: what is not named is gone`, async () => {
    const make1 = { Things: thing, Locations: location, Sensors: sensor, ObservedProperties: property, FeaturesOfInterest: feature }[set]
    const id = await make(set, make1({ properties: { a: 1 } }))
    const body = make1()
    await done(put(at(set, id), body))
    const entity = await read(at(set, id))
    same(entity, body, set)
    assert.equal(entity.properties ?? null, null)
    assert.equal(entity['@iot.id'], id)
  })
  whole(`PUT of ${MODEL[set].one}: without what is mandatory it is 400 and changes nothing`, async () => {
    const make1 = { Things: thing, Locations: location, Sensors: sensor, ObservedProperties: property, FeaturesOfInterest: feature }[set]
    const id = await make(set, make1({ properties: { a: 1 } }))
    const before = await read(at(set, id))
    for (const name of MODEL[set].needs) await refused(put(at(set, id), { ...make1(), [name]: undefined }), 400, 422)
    assert.deepEqual(await read(at(set, id)), before)
  })
}
whole('PUT of a Datastream and of an Observation keeps their links', async () => {
  const owner = await makeThing()
  const id = await makeStream({ Thing: to(owner), properties: { a: 1 } })
  await done(put(at('Datastreams', id), stream({ description: 'put' })))
  const entity = await read(at('Datastreams', id))
  assert.deepEqual([entity.description, entity.properties ?? null], ['put', null])
  assert.equal((await read(at('Datastreams', id, 'Thing')))['@iot.id'], owner)
  const seen = await makeObservation(id, { parameters: { a: 1 } })
  await done(put(at('Observations', seen), { phenomenonTime: hour(1), resultTime: hour(2), result: 3 }))
  const now = await read(at('Observations', seen))
  assert.deepEqual([now.result, now.parameters ?? null, sameTime(now.resultTime, hour(2))], [3, null, true])
  assert.equal((await read(at('Observations', seen, 'Datastream')))['@iot.id'], id)
})

const JSON_PATCH = { type: 'application/json-patch+json' }
const steps = of('create-update-delete/update-entity-jsonpatch')
steps('replace, add and remove, in their order', async () => {
  const id = await makeThing({ properties: { a: 1, list: [1, 2], old: true } })
  await done(patch(at('Things', id), [
    { op: 'replace', path: '/description', value: 'patched' }, { op: 'add', path: '/properties/b', value: { c: [] } }, { op: 'add', path: '/properties/b/c/-', value: 7 },
    { op: 'remove', path: '/properties/old' }, { op: 'add', path: '/properties/list/1', value: 9 }, { op: 'copy', from: '/properties/a', path: '/properties/d' }, { op: 'move', from: '/properties/a', path: '/properties/e' },
    { op: 'test', path: '/properties/d', value: 1 },
  ], JSON_PATCH))
  const entity = await read(at('Things', id))
  assert.equal(entity.description, 'patched')
  assert.deepEqual(entity.properties, { b: { c: [7] }, list: [1, 9, 2], d: 1, e: 1 })
})
steps('of each kind of entity', async () => {
  for (const set of SETS.filter((each) => each !== 'HistoricalLocations')) {
    const [id, change] = await fresh[set]()
    const [[name, value]] = Object.entries(change)
    await done(patch(at(set, id), [{ op: 'replace', path: `/${name}`, value }], JSON_PATCH))
    assert.deepEqual((await read(at(set, id)))[name], value, set)
  }
})
steps('escaped names', async () => {
  const id = await makeThing({ properties: { 'a/b': 1, 'c~d': 2 } })
  await done(patch(at('Things', id), [{ op: 'replace', path: '/properties/a~1b', value: 3 }, { op: 'replace', path: '/properties/c~0d', value: 4 }], JSON_PATCH))
  assert.deepEqual((await read(at('Things', id))).properties, { 'a/b': 3, 'c~d': 4 })
})
steps('all or nothing: one step that fails undoes those before it', async () => {
  const id = await makeThing({ properties: { a: 1 } })
  const before = await read(at('Things', id))
  const first = { op: 'replace', path: '/description', value: 'patched' }
  for (const bad of [{ op: 'test', path: '/properties/a', value: 2 }, { op: 'remove', path: '/properties/no-such' }, { op: 'replace', path: '/properties/x/y', value: 1 }, { op: 'jump', path: '/description' }, { op: 'add', path: 'description', value: 'x' },
    { op: 'replace', path: '/name', value: 5 }, { op: 'remove', path: '/name' }, { op: 'add', path: '/wetness', value: 5 }]) await refused(patch(at('Things', id), [first, bad], JSON_PATCH), 400, 409, 422)
  for (const bad of ['{}', '5', '[5]', '[', '']) await refused(patch(at('Things', id), bad, JSON_PATCH), 400, 422)
  assert.deepEqual(await read(at('Things', id)), before)
})
steps('a name once more, so that the set is as before', async () => {
  const id = await makeThing()
  const name = named('patched')
  await done(patch(at('Things', id), [{ op: 'replace', path: '/name', value: name }], JSON_PATCH))
  assert.deepEqual((await list('Things', { $filter: `name eq '${name}'` })).map((one) => one['@iot.id']), [id])
  assert.ok(await anySensor() && await anyProperty())
})
