// A.1 resource-path: the eight usages of addresses, and what is answered where there is nothing.
import assert from 'node:assert/strict'
import { address, ask, at, get, gone, literal, post, read, refused, service } from '../support/client.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour, sameTime } from '../support/times.mjs'
import { make, makeObservation, makeStream, MODEL, SETS, thing, town } from '../support/world.mjs'

const path = of('resource-path/resource-path-to-entities')

path('usage 2: a set is an object with a list', async () => {
  await town()
  for (const set of SETS) assert.ok(Array.isArray((await read(set)).value), set)
})
path('usage 2: a set of nothing is an empty list', async () => {
  const id = await make('Things', thing())
  for (const link of Object.keys(MODEL.Things.links)) {
    const page = await read(at('Things', id, link))
    assert.deepEqual(page.value, [], link)
    assert.equal(page['@iot.nextLink'], undefined)
  }
})
path('usage 3: an entity by its id', async () => {
  const ids = await town()
  for (const set of SETS) assert.deepEqual((await read(at(set, ids[set])))['@iot.id'], ids[set])
})
path('usage 4: a property is an object with that one name', async () => {
  const ids = await town()
  for (const set of SETS) {
    const entity = await read(at(set, ids[set]))
    for (const name of [...MODEL[set].needs, ...MODEL[set].may].filter((one) => entity[one] !== undefined && entity[one] !== null)) {
      assert.deepEqual(await read(at(set, ids[set], name)), { [name]: entity[name] }, `${set}/${name}`)
    }
  }
})
path('usage 4: a part of a complex property', async () => {
  const ids = await town()
  assert.deepEqual(await read(at('Datastreams', ids.Datastreams, 'unitOfMeasurement', 'symbol')), { symbol: '°C' })
  assert.deepEqual(await read(at('Things', ids.Things, 'properties', 'colour')), { colour: 'red' })
  assert.deepEqual(await read(at('Things', ids.Things, 'properties', 'keeper', 'shift')), { shift: 3 })
})
path('usage 4: a property that has no value is 204', async () => {
  const id = await makeObservation(await makeStream(), { resultTime: undefined })
  assert.equal((await get(at('Observations', id, 'resultTime'))).status, 204)
  assert.equal((await get(at('Things', await make('Things', thing()), 'properties'))).status, 204)
})
path('usage 4: a property that the entity does not know is 404', async () => {
  const ids = await town()
  for (const set of SETS) await refused(get(at(set, ids[set], 'wetness')), 404, 400)
  await gone(at('Things', ids.Things, 'properties', 'no-such'))
})
path('usage 5: $value is the bare value', async () => {
  const ids = await town()
  const cases = [[at('Things', ids.Things, 'description'), 'Two pumps below the road'], [at('Observations', ids.Observations, 'result'), '21.5'], [at('Datastreams', ids.Datastreams, 'unitOfMeasurement', 'symbol'), '°C']]
  for (const [where, wanted] of cases) {
    const said = await get(`${where}/$value`)
    assert.equal(said.status, 200, said.what)
    assert.match(said.headers.get('content-type'), /^text\/plain/)
    assert.equal(said.text, wanted)
  }
})
path('usage 5: $value of a time is ISO 8601', async () => {
  const ids = await town()
  for (const name of ['phenomenonTime', 'resultTime', 'validTime']) {
    const said = await get(at('Observations', ids.Observations, name, '$value'))
    assert.equal(said.status, 200, said.what)
    assert.ok(sameTime(said.text, name === 'validTime' ? `${hour(1)}/${hour(2)}` : hour(1)), said.what)
  }
})
path('usage 6: a navigation property leads to one entity or to a set', async () => {
  const ids = await town()
  for (const set of SETS) {
    for (const [link, target] of Object.entries(MODEL[set].links)) {
      const there = await read(at(set, ids[set], link))
      assert.deepEqual((SETS.includes(link) ? there.value : [there]).some((one) => one['@iot.id'] === ids[target]), true, `${set}/${link}`)
    }
  }
})
path('usage 7: $ref gives self links and nothing else', async () => {
  const ids = await town()
  for (const [set, link, target] of [['Things', 'Datastreams', 'Datastreams'], ['Datastreams', 'Observations', 'Observations'], ['Locations', 'Things', 'Things']]) {
    const { value } = await read(at(set, ids[set], link, '$ref'))
    assert.deepEqual(value.map((one) => Object.keys(one)), [['@iot.selfLink']])
    assert.equal(address(value[0]['@iot.selfLink']), address(at(target, ids[target])))
  }
})
path('usage 7: $ref of a set, and of a link to one', async () => {
  const ids = await town()
  const all = (await read('Sensors/$ref', { $top: 5 })).value
  assert.ok(all.length > 0 && all.every((one) => Object.keys(one).length === 1 && one['@iot.selfLink']), JSON.stringify(all))
  const one = await read(at('Datastreams', ids.Datastreams, 'Thing', '$ref'))
  assert.equal(address((one.value?.[0] ?? one)['@iot.selfLink']), address(at('Things', ids.Things)))
})
path('usage 7: $ref is filtered, ordered and paged like its set', async () => {
  const id = await makeStream()
  for (const [i, result] of [3, 1, 2].entries()) await makeObservation(id, { result, phenomenonTime: hour(i + 1) })
  const whole = await read(at('Datastreams', id, 'Observations'), { $orderby: 'result desc' })
  const refs = await read(at('Datastreams', id, 'Observations', '$ref'), { $orderby: 'result desc', $filter: 'result gt 1' })
  assert.deepEqual(refs.value.map((one) => one['@iot.selfLink']), whole.value.slice(0, 2).map((one) => one['@iot.selfLink']))
})
path('usage 8: entities within the sets of others', async () => {
  const ids = await town()
  const stream = at('Datastreams', ids.Datastreams)
  assert.deepEqual((await read(`${stream}/${at('Observations', ids.Observations)}`))['@iot.id'], ids.Observations)
  assert.deepEqual(await read(`${stream}/${at('Observations', ids.Observations)}/result`), { result: 21.5 })
  assert.deepEqual((await read(`${stream}/${at('Observations', ids.Observations)}/FeatureOfInterest`))['@iot.id'], ids.FeaturesOfInterest)
  assert.deepEqual((await read(at('Observations', ids.Observations, 'Datastream', 'Thing', 'Locations'))).value[0]['@iot.id'], ids.Locations)
  assert.equal((await get(at('Observations', ids.Observations, 'Datastream', 'Thing', 'name', '$value'))).text, (await read(at('Things', ids.Things))).name)
  assert.deepEqual((await read(`${at('Things', ids.Things)}/${at('Datastreams', ids.Datastreams)}/ObservedProperty`))['@iot.id'], ids.ObservedProperties)
})
path('usage 8: an entity that does not belong to the other is not there', async () => {
  const ids = await town()
  const other = await makeStream()
  await gone(`${at('Datastreams', other)}/${at('Observations', ids.Observations)}`)
  await gone(`${at('Things', await make('Things', thing()))}/${at('Datastreams', ids.Datastreams)}`)
  await gone(`${at('Datastreams', other)}/${at('Observations', ids.Observations)}/result`)
})
path('a path may be percent-encoded', async () => {
  const ids = await town()
  const encoded = `${service.url}/Things%28${encodeURIComponent(literal(ids.Things))}%29/%6Eame`
  assert.deepEqual(await read(encoded), await read(at('Things', ids.Things, 'name')))
})
path('the names of sets and links are exact', async () => {
  const ids = await town()
  for (const where of ['things', 'Thing', 'Wells', 'CreateThings', at('Things', ids.Things, 'datastreams'), at('Things', ids.Things, 'Sensors'), at('Things', ids.Things, 'name', 'first')]) await refused(get(where), 404, 400)
})

const status = of('request-data/status-code')
status('an entity that is not there is 404 (or 410), with whatever follows it', async () => {
  await town()
  for (const set of SETS) {
    await gone(`${set}(9007199254740991)`)
    await gone(`${set}(9007199254740991)/${Object.keys(MODEL[set].links)[0]}`)
    await gone(`${set}(9007199254740991)/${MODEL[set].needs[0]}`)
    await gone(`${set}(9007199254740991)/${MODEL[set].needs[0]}/$value`)
  }
})
status('an address that is none is 404 or 400, and never more', async () => {
  const { Things } = await town()
  const broken = ['Things(', 'Things()', 'Things(1', 'Things)1(', "Things('", 'Things(1)(2)', 'Things(1.5)', 'Things(-0)', 'Things(99999999999999999999999999)', 'Things(1 or 1 eq 1)', 'Things(*)',
    'Things//', `${at('Things', Things)}//Datastreams`, `${at('Things', Things)}/$value`, `${at('Things', Things)}/name/$ref`, `${at('Things', Things)}/name/$value/$value`, '$metadata/x', 'Things(%00)', 'Things(%FF)']
  for (const one of broken) await refused(get(`${service.url}/${one}`), 404, 400)
})
status('a method that does not go with an address is refused', async () => {
  const { Things } = await town()
  for (const [method, where] of [['PATCH', 'Things'], ['PUT', 'Things'], ['POST', at('Things', Things)], ['PATCH', at('Things', Things, 'name')], ['POST', at('Things', Things, 'name')]]) {
    await refused(ask(method, where, { body: { name: 'x', description: 'x' } }), 400, 404, 405, 501)
  }
  await refused(post('', {}), 400, 404, 405, 501)
  sameMembers([(await read(at('Things', Things)))['@iot.id']], [Things], 'the Thing is still there')
})
