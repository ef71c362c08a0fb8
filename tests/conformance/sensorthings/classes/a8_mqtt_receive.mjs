// A.8 receive-updates-via-mqtt: who subscribes to an address is told what is new there.
import assert from 'node:assert/strict'
import { at, done, patch, post, refused } from '../support/client.mjs'
import { connect, isAsRead, listen, publish } from '../support/mqtt.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour } from '../support/times.mjs'
import { anyFeature, feature, location, make, makeObservation, makeStream, makeThing, named, property, sensor, stream, thing, to, town } from '../support/world.mjs'

const updates = of('receive-updates-via-mqtt/receive-updates')

/** Makes one entity of each set. */
const making = {
  Things: () => make('Things', thing()),
  Locations: () => make('Locations', location()),
  HistoricalLocations: async () => make('HistoricalLocations', { time: hour(-8), Thing: to(await makeThing()), Locations: [to((await town()).Locations)] }),
  Datastreams: () => makeStream(),
  Sensors: () => make('Sensors', sensor()),
  ObservedProperties: () => make('ObservedProperties', property()),
  Observations: async () => makeObservation(await makeStream()),
  FeaturesOfInterest: () => make('FeaturesOfInterest', feature()),
}
for (const [set, one] of Object.entries(making)) {
  updates(`set ${set}: what is made is told as it is read`, async () => {
    const { next } = await listen(await connect(), set)
    const id = await one()
    await isAsRead(await next((message) => message['@iot.id'] === id), at(set, id))
  })
}
updates('set: what is changed is told too', async () => {
  const id = await makeThing()
  const { next } = await listen(await connect(), 'Things')
  await done(patch(at('Things', id), { description: 'changed' }))
  await isAsRead(await next((message) => message['@iot.id'] === id && message.description === 'changed'), at('Things', id))
})
updates('set of another entity: its own and no others', async () => {
  const mine = await makeStream(), other = await makeStream()
  const { heard, next } = await listen(await connect(), at('Datastreams', mine, 'Observations'))
  const before = await makeObservation(mine, { result: 1, phenomenonTime: hour(1) })
  await makeObservation(other, { result: 2, phenomenonTime: hour(2) })
  const after = await makeObservation(mine, { result: 3, phenomenonTime: hour(3) })
  await isAsRead(await next((message) => message['@iot.id'] === after), at('Observations', after))
  sameMembers(heard.map((message) => message['@iot.id']), [before, after], 'what was told')
})
updates('set of a Thing: a new Datastream', async () => {
  const id = await makeThing()
  const { next } = await listen(await connect(), at('Things', id, 'Datastreams'))
  const made = await makeStream({ Thing: to(id) })
  assert.equal((await next())['@iot.id'], made)
})
updates('entity: each change, and only its own', async () => {
  const id = await makeThing(), other = await makeThing()
  const { heard, next } = await listen(await connect(), at('Things', id))
  await done(patch(at('Things', other), { description: 'other' }))
  await done(patch(at('Things', id), { description: 'first', properties: { a: 1 } }))
  await isAsRead(await next((message) => message.description === 'first'), at('Things', id))
  await done(patch(at('Things', id), { description: 'second' }))
  await next((message) => message.description === 'second')
  assert.deepEqual(heard.map((message) => message.description).filter((one) => one !== thing().description), ['first', 'second'], 'each once; it may also be told late that it was made')
})
updates('entity: a Datastream of which an Observation changed the time', async () => {
  const id = await makeStream()
  const { next } = await listen(await connect(), at('Datastreams', id))
  await makeObservation(id)
  assert.ok((await next((message) => Boolean(message.phenomenonTime))).phenomenonTime.length > 0)
})
updates('property: its new value, and nothing when another changes', async () => {
  const id = await makeThing()
  const { heard, next } = await listen(await connect(), at('Things', id, 'description'))
  await done(patch(at('Things', id), { name: named('renamed') }))
  await done(patch(at('Things', id), { description: 'changed' }))
  assert.deepEqual(await next((message) => message.description === 'changed'), { description: 'changed' })
  assert.equal(heard.filter((message) => message.description !== thing().description).length, 1, 'not told when the name changed')
})
updates('$select: only what is named', async () => {
  const id = await makeStream()
  const { next } = await listen(await connect(), `${at('Datastreams', id, 'Observations')}?$select=phenomenonTime,result`)
  await makeObservation(id, { result: 5 })
  const message = await next()
  sameMembers(Object.keys(message).filter((name) => !name.startsWith('@iot.')), ['phenomenonTime', 'result'], 'names')
  assert.equal(message.result, 5)
})
updates('$select of a set of Things', async () => {
  const { next } = await listen(await connect(), 'Things?$select=name')
  const body = thing()
  await make('Things', body)
  const message = await next((one) => one.name === body.name)
  assert.deepEqual(Object.keys(message).filter((name) => !name.startsWith('@iot.')), ['name'])
})
updates('what comes in by MQTT, in a data array or in a deep insert is told like the rest', async () => {
  const id = await makeStream(), client = await connect(), road = to(await anyFeature())
  const { heard, next } = await listen(client, at('Datastreams', id, 'Observations'))
  await publish(client, at('Datastreams', id, 'Observations'), { result: 1, phenomenonTime: hour(1), FeatureOfInterest: road })
  await done(post('CreateObservations', [{ Datastream: to(id), components: ['phenomenonTime', 'result', 'FeatureOfInterest/id'], dataArray: [[hour(2), 2, road['@iot.id']]] }]), 201)
  const told = (message) => message['@iot.id'] !== undefined  // a broker may also give what was published as it is
  for (const result of [1, 2]) await next((message) => told(message) && message.result === result)
  assert.equal(heard.filter(told).length, 2)
  const things = await listen(client, 'Things'), streams = await listen(client, 'Datastreams')
  const body = stream({ Thing: thing(), Sensor: sensor(), ObservedProperty: property() })
  await make('Datastreams', body)
  await streams.next((message) => message.name === body.name)
  await things.next((message) => message.name === body.Thing.name)
})
updates('what was refused is not told', async () => {
  const id = await makeStream()
  const { heard, next } = await listen(await connect(), at('Datastreams', id, 'Observations'))
  await refused(post(at('Datastreams', id, 'Observations'), { phenomenonTime: 'noon', result: 8 }), 400, 422)
  await makeObservation(id, { result: 9 })
  await next((message) => message.result === 9)
  assert.equal(heard.length, 1)
})
updates('two who listen are both told; who left is not, and nobody else is harmed', async () => {
  const id = await makeStream(), path = at('Datastreams', id, 'Observations')
  const [a, b] = [await connect(), await connect()]
  const [heardA, heardB] = [await listen(a, path), await listen(b, path, 0)]
  await makeObservation(id, { result: 1 })
  await Promise.all([heardA.next(), heardB.next()])
  await a.endAsync(true)
  await makeObservation(id, { result: 2, phenomenonTime: hour(2) })
  await heardB.next((message) => message.result === 2)
  assert.equal(heardA.heard.length, 1)
})
