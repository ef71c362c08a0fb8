// A.7 create-observations-via-mqtt: what is published to the address of a set of Observations is made.
import assert from 'node:assert/strict'
import { at, list, read } from '../support/client.mjs'
import { connect, publish } from '../support/mqtt.mjs'
import { eventually, of } from '../support/testing.mjs'
import { hour, sameTime, span } from '../support/times.mjs'
import { anyFeature, feature, KIND, location, make, makeStream, makeThing, NO_UNIT, to } from '../support/world.mjs'

const create = of('create-observations-via-mqtt/observations-creation')
const road = async () => ({ FeatureOfInterest: to(await anyFeature()) })
const observationsOf = (id) => list(at('Datastreams', id, 'Observations'), { $orderby: 'phenomenonTime' })
const come = (id, count) => eventually(async () => {
  const found = await observationsOf(id)
  return found.length >= count && found
}, `${count} Observations of Datastream ${id}`)

for (const qos of [0, 1]) {
  create(`to the set of a Datastream, QoS ${qos}`, async () => {
    const client = await connect(), id = await makeStream()
    await publish(client, at('Datastreams', id, 'Observations'), { phenomenonTime: hour(1), resultTime: hour(2), result: 21.5, parameters: { by: 'mqtt' }, ...await road() }, qos)
    const [one] = await come(id, 1)
    assert.deepEqual([one.result, one.parameters, sameTime(one.phenomenonTime, hour(1)), sameTime(one.resultTime, hour(2))], [21.5, { by: 'mqtt' }, true, true])
    assert.equal((await read(at('Observations', one['@iot.id'], 'FeatureOfInterest')))['@iot.id'], await anyFeature())
  })
}
create('to the set of all Observations, with a link to the Datastream', async () => {
  const client = await connect(), id = await makeStream()
  await publish(client, 'Observations', { phenomenonTime: hour(1), result: 1, Datastream: to(id), ...await road() })
  assert.equal((await come(id, 1))[0].result, 1)
})
create('to the set of a feature', async () => {
  const client = await connect(), id = await makeStream(), here = await make('FeaturesOfInterest', feature())
  await publish(client, at('FeaturesOfInterest', here, 'Observations'), { phenomenonTime: hour(1), result: 1, Datastream: to(id) })
  const [one] = await come(id, 1)
  assert.equal((await read(at('Observations', one['@iot.id'], 'FeatureOfInterest')))['@iot.id'], here)
})
create('without a feature it is that of the Thing, without times it is of now', async () => {
  const here = location(), client = await connect()
  const id = await makeStream({ Thing: to(await makeThing({ Locations: [here] })) })
  await publish(client, at('Datastreams', id, 'Observations'), { result: 1 })
  const [one] = await come(id, 1)
  assert.ok(Math.abs(new Date(one.phenomenonTime) - Date.now()) < 60000, one.phenomenonTime)
  assert.equal(one.resultTime, null)
  assert.deepEqual((await read(at('Observations', one['@iot.id'], 'FeatureOfInterest'))).feature, here.location)
})
create('a new feature inside, an interval, a truth', async () => {
  const client = await connect(), id = await makeStream({ observationType: KIND.truth, unitOfMeasurement: NO_UNIT }), here = feature()
  await publish(client, at('Datastreams', id, 'Observations'), { phenomenonTime: span(1, 2), result: true, FeatureOfInterest: here })
  const [one] = await come(id, 1)
  assert.deepEqual([one.result, sameTime(one.phenomenonTime, span(1, 2))], [true, true])
  assert.equal((await read(at('Observations', one['@iot.id'], 'FeatureOfInterest'))).name, here.name)
})
create('many, one after the other: each is made once', async () => {
  const client = await connect(), id = await makeStream(), here = await road()
  const wanted = Array.from({ length: 300 }, (_, i) => i)
  await Promise.all(wanted.map((i) => publish(client, at('Datastreams', id, 'Observations'), { phenomenonTime: hour(i / 60), result: i, ...here })))
  assert.deepEqual((await come(id, wanted.length)).map((one) => one.result), wanted)
})
create('what is wrong makes nothing, and those after it are made', async () => {
  const client = await connect(), id = await makeStream(), here = await road()
  const path = at('Datastreams', id, 'Observations')
  for (const bad of ['', '{', '5', '[]', {}, { phenomenonTime: hour(1) }, { result: 1, phenomenonTime: 'noon' }, { result: 1, phenomenonTime: hour(2), FeatureOfInterest: to(9007199254740991) }]) await publish(client, path, bad)
  await publish(client, 'Datastreams(9007199254740991)/Observations', { result: 1, phenomenonTime: hour(1), ...here })
  await publish(client, path, { result: 7, phenomenonTime: hour(7), ...here })
  assert.deepEqual((await come(id, 1)).map((one) => one.result), [7])
  assert.ok(client.connected, 'the connection stays')
})
create('only Observations are made: other sets do not grow', async () => {
  const client = await connect(), id = await makeStream()
  const name = `mqtt ${Math.random()}`
  await publish(client, 'Things', { name, description: 'x' }).catch(() => {})
  const other = await connect()
  await publish(other, at('Datastreams', id, 'Observations'), { result: 7, phenomenonTime: hour(7), ...await road() })
  await come(id, 1)
  assert.deepEqual(await list('Things', { $filter: `name eq '${name}'` }), [])
})
