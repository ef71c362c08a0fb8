// A.3 request-data: $expand and $select.
import assert from 'node:assert/strict'
import { at, get, list, read, refused } from '../support/client.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour } from '../support/times.mjs'
import { anyFeature, anyProperty, anySensor, location, make, makeObservation, MODEL, SETS, stream, thing, to, town } from '../support/world.mjs'

const expand = of('request-data/expand')
const select = of('request-data/select')

for (const set of SETS) {
  for (const [link, target] of Object.entries(MODEL[set].links)) {
    expand(`${MODEL[set].one} with ${link}`, async () => {
      const ids = await town()
      for (const entity of [await read(at(set, ids[set]), { $expand: link }), (await read(set, { $expand: link, $filter: `id eq ${ids[set]}` })).value[0]]) {
        const inline = entity[link]
        const [one] = SETS.includes(link) ? inline.filter((each) => each['@iot.id'] === ids[target]) : [inline]
        const { ...alone } = await read(at(target, ids[target]))
        assert.deepEqual(one, alone, `${link} inline is as it is alone`)
        assert.equal(`${link}@iot.navigationLink` in entity, `${link}@iot.navigationLink` in (await read(at(set, ids[set]), { $expand: link })))
        assert.ok(entity.name === undefined || typeof entity.name === 'string', 'its own properties stay')
      }
    })
  }
}

/** A Thing with two Datastreams of five and no Observations. */
let made
const house = () => (made ??= (async () => {
  const id = await make('Things', thing({ Locations: [location()] }))
  const links = { Thing: to(id), Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  const full = await make('Datastreams', stream({ ...links, description: 'full' })), empty = await make('Datastreams', stream({ ...links, description: 'empty' }))
  for (let i = 0; i < 5; ++i) await makeObservation(full, { result: i * 10, phenomenonTime: hour(i + 1), FeatureOfInterest: to(await anyFeature()) })
  return { id, full, empty }
})())
const resultsOf = (list1) => list1.map((one) => one.result)

expand('several at once', async () => {
  const { full } = await house()
  const entity = await read(at('Datastreams', full), { $expand: 'Thing,Sensor,ObservedProperty,Observations' })
  assert.deepEqual([typeof entity.Thing.name, typeof entity.Sensor.name, typeof entity.ObservedProperty.name, entity.Observations.length], ['string', 'string', 'string', 5])
})
expand('deeper with a slash', async () => {
  const { id, full, empty } = await house()
  const entity = await read(at('Things', id), { $expand: 'Datastreams/ObservedProperty' })
  sameMembers(entity.Datastreams.map((one) => one['@iot.id']), [full, empty], 'Datastreams')
  for (const one of entity.Datastreams) assert.equal(one.ObservedProperty['@iot.id'], await anyProperty())
  const far = (await read(at('Things', id), { $expand: 'Datastreams/Observations/FeatureOfInterest' })).Datastreams.find((one) => one['@iot.id'] === full)
  assert.ok(far.Observations.length === 5 && far.Observations.every((one) => one.FeatureOfInterest.name))
})
expand('two ways that begin alike are joined', async () => {
  const { id, full } = await house()
  const { Datastreams } = await read(at('Things', id), { $expand: 'Datastreams/Sensor,Datastreams/ObservedProperty' })
  const one = Datastreams.find((each) => each['@iot.id'] === full)
  assert.ok(one.Sensor.name && one.ObservedProperty.name)
})
expand('nested with parentheses, three deep', async () => {
  const { id, full } = await house()
  const entity = await read(at('Things', id), { $expand: 'Datastreams($expand=Observations($expand=FeatureOfInterest;$top=1;$orderby=result desc),Sensor),Locations' })
  const one = entity.Datastreams.find((each) => each['@iot.id'] === full)
  assert.deepEqual([one.Observations[0].result, typeof one.Observations[0].FeatureOfInterest.name, typeof one.Sensor.name, entity.Locations.length], [40, 'string', 'string', 1])
})
expand('back to where it came from', async () => {
  const { id } = await house()
  assert.equal((await read(at('Things', id), { $expand: 'Datastreams($expand=Thing)' })).Datastreams[0].Thing['@iot.id'], id)
})
const options = {
  '$filter': ['$filter=result gt 15', [20, 30, 40]], '$filter with a string and semicolons': ["$filter=result gt 15 and not (FeatureOfInterest/name eq 'a;b)(c')", [20, 30, 40]], '$orderby': ['$orderby=result desc', [40, 30, 20, 10, 0]], '$top': ['$orderby=result;$top=2', [0, 10]], '$skip': ['$orderby=result;$skip=3', [30, 40]],
  '$top and $skip': ['$orderby=result;$skip=1;$top=2', [10, 20]], 'all of them': ['$filter=result ge 10;$orderby=result desc;$skip=1;$top=2;$select=result;$count=true', [30, 20]], '$top=0': ['$top=0', []],
}
for (const [name, [option, wanted]] of Object.entries(options)) {
  expand(`options inside: ${name}`, async () => {
    const { full } = await house()
    const found = (await read(at('Datastreams', full), { $expand: `Observations(${option})` })).Observations
    if (option.includes('$orderby')) assert.deepEqual(resultsOf(found), wanted)
    else sameMembers(resultsOf(found), wanted, option)
  })
}
expand('options inside: $count counts what the filter leaves, whatever $top says', async () => {
  const { full } = await house()
  assert.equal((await read(at('Datastreams', full), { $expand: 'Observations($count=true;$filter=result gt 5;$top=1)' }))['Observations@iot.count'], 4)
})
expand('options inside: for each entity of a set by itself', async () => {
  const { id, full, empty } = await house()
  const found = await list(at('Things', id, 'Datastreams'), { $expand: 'Observations($top=2;$orderby=result desc)' })
  assert.deepEqual(found.map((one) => [one['@iot.id'], resultsOf(one.Observations)]).sort(([a], [b]) => a - b), [[full, [40, 30]], [empty, []]])
})
expand('inside as outside a link leads on, and each is seen once', async () => {
  const { full } = await house()
  const entity = await read(at('Datastreams', full), { $expand: 'Observations($top=2;$orderby=result)' })
  const next = entity['Observations@iot.nextLink'] ?? assert.fail(`Observations@iot.nextLink is wanted in ${JSON.stringify(entity)}`)
  assert.deepEqual([...resultsOf(entity.Observations), ...resultsOf(await list(next))], [0, 10, 20, 30, 40])
})
expand('on any address: a set, an entity, a link to one, a set of another', async () => {
  const { id, full } = await house()
  assert.ok((await read('Things', { $expand: 'Datastreams', $filter: `id eq ${id}` })).value[0].Datastreams.length)
  assert.equal((await read(at('Datastreams', full, 'Thing'), { $expand: 'Datastreams' })).Datastreams.length, 2)
  assert.equal((await list(at('Datastreams', full, 'Observations'), { $expand: 'Datastream/Thing' }))[0].Datastream.Thing['@iot.id'], id)
})
expand('a link to nothing', async () => {
  const id = await make('Things', thing())
  const entity = await read(at('Things', id), { $expand: 'Datastreams,Locations,HistoricalLocations' })
  assert.deepEqual([entity.Datastreams, entity.Locations, entity.HistoricalLocations], [[], [], []])
})
expand('the filter looks at the entities, not at what is expanded', async () => {
  const { id } = await house()
  const found = await list('Things', { $filter: `id eq ${id}`, $expand: 'Datastreams($filter=description eq \'none\')' })
  assert.deepEqual(found.map((one) => [one['@iot.id'], one.Datastreams]), [[id, []]])
})
expand('what cannot be read is 400', async () => {
  const { id } = await house()
  for (const bad of ['', 'Wells', 'name', 'Datastreams/Wells', 'Datastreams(', 'Datastreams)', 'Datastreams()x', 'Datastreams($top=a)', 'Datastreams($top=-1)', 'Datastreams($wet=1)', 'Datastreams($filter=)', 'Datastreams($filter=wetness gt 1)', 'Datastreams,,Locations', 'Datastreams($expand=Wells)', 'Datastreams($select=wetness)', 'Datastreams($orderby=wetness)']) {
    await refused(get(at('Things', id), { $expand: bad }), 400, 501)
  }
})
expand('too deep is refused or answered, and does not go on for ever', async () => {
  const { id } = await house()
  let deep = 'Thing'
  for (let i = 0; i < 60; ++i) deep = i % 2 ? `Thing($expand=${deep})` : `Datastreams($top=1;$expand=${deep})`
  const said = await get(at('Things', id), { $expand: deep })
  assert.ok([200, 400, 414, 431].includes(said.status), said.what)
})

const ownKeys = (entity) => Object.keys(entity).filter((key) => !/^@iot\.(id|selfLink)$/.test(key)).sort()
select('what is named and nothing else', async () => {
  const ids = await town()
  for (const set of SETS) {
    const [first, second = first] = MODEL[set].needs
    for (const entity of [await read(at(set, ids[set]), { $select: `${first},${second}` }), (await read(set, { $select: `${first}, ${second}`, $filter: `id eq ${ids[set]}` })).value[0]]) {
      assert.deepEqual(ownKeys(entity), [...new Set([first, second])].sort(), set)
      assert.deepEqual(entity[first], (await read(at(set, ids[set])))[first])
    }
  }
})
select('the id, by either name', async () => {
  const ids = await town()
  for (const name of ['id', '@iot.id']) {
    const entity = await read(at('Things', ids.Things), { $select: name })
    assert.equal(entity['@iot.id'], ids.Things)
    assert.deepEqual(ownKeys(entity), [])
  }
})
select('a link is its address', async () => {
  const ids = await town()
  const entity = await read(at('Things', ids.Things), { $select: 'name,Datastreams' })
  assert.deepEqual(ownKeys(entity), ['Datastreams@iot.navigationLink', 'name'])
})
select('does not hide what is expanded', async () => {
  const ids = await town()
  const entity = await read(at('Datastreams', ids.Datastreams), { $select: 'id', $expand: 'Observations/FeatureOfInterest' })
  assert.deepEqual(ownKeys(entity).filter((key) => !key.includes('@')), ['Observations'])
  assert.ok(entity.Observations[0].FeatureOfInterest.name && entity.Observations[0].result !== undefined)
})
select('inside of what is expanded', async () => {
  const ids = await town()
  const entity = await read(at('Datastreams', ids.Datastreams), { $expand: 'Observations($select=result),Thing($select=name)' })
  assert.deepEqual([ownKeys(entity.Observations[0]), ownKeys(entity.Thing)], [['result'], ['name']])
  assert.equal(typeof entity.description, 'string')
})
select('of a linked entity', async () => {
  const ids = await town()
  assert.deepEqual(ownKeys(await read(at('Datastreams', ids.Datastreams, 'Thing'), { $select: 'description' })), ['description'])
})
select('what is not selected may still be filtered and ordered by', async () => {
  const { full } = await house()
  const found = await list(at('Datastreams', full, 'Observations'), { $select: 'phenomenonTime', $filter: 'result gt 15', $orderby: 'result desc' })
  assert.deepEqual(found.map((one) => [ownKeys(one), new Date(one.phenomenonTime).toISOString()]), [5, 4, 3].map((n) => [['phenomenonTime'], hour(n)]))
})
select('what there is not is 400', async () => {
  const ids = await town()
  for (const bad of ['wetness', 'name,wetness', '', ',', 'name,', 'Wells', 'name;description', 'result']) await refused(get(at('Things', ids.Things), { $select: bad }), 400, 501)
})
