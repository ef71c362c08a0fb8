// A.2 create-update-delete: DELETE with what goes along, and where a Thing has been.
import assert from 'node:assert/strict'
import { at, done, gone, list, literal, patch, post, read, refused, remove } from '../support/client.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour } from '../support/times.mjs'
import { feature, location, make, makeObservation, makeStream, makeThing, named, property, sensor, stream, thing, to, town } from '../support/world.mjs'

const remover = of('create-update-delete/delete-entity')
const NOBODY = 9007199254740991

/** A family of one of each, of its own. */
async function family() {
  const Things = await makeThing({ Locations: [location()] })
  const Sensors = await make('Sensors', sensor()), ObservedProperties = await make('ObservedProperties', property()), FeaturesOfInterest = await make('FeaturesOfInterest', feature())
  const Datastreams = await make('Datastreams', stream({ Thing: to(Things), Sensor: to(Sensors), ObservedProperty: to(ObservedProperties) }))
  const Observations = await makeObservation(Datastreams, { FeatureOfInterest: to(FeaturesOfInterest) })
  const Locations = (await list(at('Things', Things, 'Locations')))[0]['@iot.id'], HistoricalLocations = (await list(at('Things', Things, 'HistoricalLocations')))[0]['@iot.id']
  return { Things, Locations, HistoricalLocations, Datastreams, Sensors, ObservedProperties, Observations, FeaturesOfInterest }
}

// Who goes with whom; everybody else stays.
const ALONG = {
  Things: ['HistoricalLocations', 'Datastreams', 'Observations'],
  Locations: ['HistoricalLocations'],
  HistoricalLocations: [],
  Datastreams: ['Observations'],
  Sensors: ['Datastreams', 'Observations'],
  ObservedProperties: ['Datastreams', 'Observations'],
  Observations: [],
  FeaturesOfInterest: ['Observations'],
}
for (const [set, along] of Object.entries(ALONG)) {
  remover(`${set}: it goes${along.length ? ` with its ${along.join(', ')}` : ' alone'}, and nothing else does`, async () => {
    const ids = await family()
    await done(remove(at(set, ids[set])))
    for (const [other, id] of Object.entries(ids)) {
      if (other === set || along.includes(other)) await gone(at(other, id))
      else assert.equal((await read(at(other, id)))['@iot.id'], id, other)
    }
  })
  remover(`${set}: what is gone cannot be deleted again`, async () => {
    const ids = await family()
    await done(remove(at(set, ids[set])))
    await refused(remove(at(set, ids[set])), 404, 410)
    await refused(patch(at(set, ids[set]), { description: 'x' }), 404, 410)
    await refused(remove(at(set, NOBODY)), 404, 410)
  })
}
remover('what is gone is in no set and no count any more', async () => {
  const datastream = await makeStream()
  const ids = []
  for (let i = 0; i < 4; ++i) ids.push(await makeObservation(datastream, { phenomenonTime: hour(i), result: i }))
  await done(remove(at('Observations', ids[1])))
  const page = await read(at('Datastreams', datastream, 'Observations'), { $count: 'true', $orderby: 'phenomenonTime' })
  assert.deepEqual([page['@iot.count'], page.value.map((one) => one.result)], [3, [0, 2, 3]])
  assert.deepEqual(await list(at('Datastreams', datastream, 'Observations'), { $filter: 'result eq 1' }), [])
  assert.equal((await list('Datastreams', { $filter: `id eq ${literal(datastream)} and Observations/result eq 1` })).length, 0)
})
remover('a Location that is deleted is no longer the place of its Things', async () => {
  const { Things, Locations } = await family()
  await done(remove(at('Locations', Locations)))
  assert.deepEqual(await list(at('Things', Things, 'Locations')), [])
})
remover('a set cannot be deleted', async () => {
  const { Things } = await town()
  await refused(remove('Things'), 400, 404, 405, 501)
  await read(at('Things', Things))
})
remover('an id is not given a second time', async () => {
  const id = await makeThing()
  await done(remove(at('Things', id)))
  assert.notEqual(await makeThing(), id)
})

const history = of('create-update-delete/historical-location-auto-creation')
const placesOf = async (id) => (await list(at('Things', id, 'HistoricalLocations'), { $orderby: 'time desc,id desc', $expand: 'Locations,Thing' }))
const names = (entities) => entities.map((one) => one.name)

history('a Thing made with a place has been there', async () => {
  const here = location()
  const [past, ...more] = await placesOf(await makeThing({ Locations: [here] }))
  assert.equal(more.length, 0)
  assert.deepEqual(names(past.Locations), [here.name])
})
const ways = {
  'a new Location in the set of the Thing': (id, there) => make(at('Things', id, 'Locations'), there),
  'a PATCH of the Thing': async (id, there) => done(patch(at('Things', id), { Locations: [to(await make('Locations', there))] })),
  'a new Location that names the Thing': (id, there) => make('Locations', { ...there, Things: [to(id)] }),
}
for (const [how, move] of Object.entries(ways)) {
  history(`${how} is a move: the old place is remembered`, async () => {
    const here = location(), there = location({ location: { type: 'Point', coordinates: [117.1, 34.1] } })
    const id = await makeThing({ Locations: [here] })
    await move(id, there)
    assert.deepEqual(names(await list(at('Things', id, 'Locations'))), [there.name], 'a Thing is at one place')
    const past = await placesOf(id)
    assert.equal(past.length, 2)
    sameMembers(past.flatMap((one) => names(one.Locations)), [here.name, there.name], 'where it has been')
    for (const one of past) assert.equal(one.Thing['@iot.id'], id)
    assert.ok(new Date(past[0].time) >= new Date(past[1].time))
  })
}
history('the place itself knows who has been there', async () => {
  const place = await make('Locations', location())
  const id = await make('Things', thing({ Locations: [to(place)] }))
  const [past] = await list(at('Locations', place, 'HistoricalLocations'), { $expand: 'Thing' })
  assert.equal(past.Thing['@iot.id'], id)
})
history('a change of the Thing that is no move leaves no trace', async () => {
  const id = await makeThing({ Locations: [location()] })
  await done(patch(at('Things', id), { name: named('renamed') }))
  assert.equal((await placesOf(id)).length, 1)
})
history('a place in the past can be added by hand, and the Thing stays where it is', async () => {
  const here = location(), once = await make('Locations', location())
  const id = await makeThing({ Locations: [here] })
  await make('HistoricalLocations', { time: hour(-1000), Thing: to(id), Locations: [to(once)] })
  assert.deepEqual(names(await list(at('Things', id, 'Locations'))), [here.name])
  assert.equal((await placesOf(id)).length, 2)
  await refused(post('HistoricalLocations', { time: 'once', Thing: to(id), Locations: [to(once)] }), 400, 422)
})
