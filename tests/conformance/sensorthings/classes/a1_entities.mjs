// A.1 Sensing core: the service root, what each entity has, and where its links lead.
import assert from 'node:assert/strict'
import { address, at, get, idOf, list, read, service } from '../support/client.mjs'
import { of } from '../support/testing.mjs'
import { sameTime } from '../support/times.mjs'
import { KIND, makeStream, MODEL, SETS, town, make, thing } from '../support/world.mjs'

const REQ = 'http://www.opengis.net/spec/iot_sensing/1.1/req/'
const MQTT_CLASSES = ['create-observations-via-mqtt/observations-creation', 'receive-updates-via-mqtt/receive-updates']

const root = of('datamodel/service-root')
root('it lists the eight entity sets with their addresses', async () => {
  for (const path of [service.url, `${service.url}/`]) {
    const { value } = await read(path)
    for (const set of SETS) {
      const one = value.find((each) => each.name === set) ?? assert.fail(`${set} is not listed`)
      assert.equal(typeof one.url, 'string')
      assert.equal(address(one.url), address(set))
    }
  }
})
root('serverSettings.conformance names the requirements that it keeps', async () => {
  const { serverSettings } = await read('')
  const kept = serverSettings?.conformance
  assert.ok(Array.isArray(kept), 'serverSettings.conformance is a list')
  for (const one of ['datamodel', 'resource-path/resource-path-to-entities', 'request-data', 'create-update-delete/create-entity', 'create-update-delete/deep-insert', 'create-update-delete/update-entity', 'create-update-delete/delete-entity', 'data-array/data-array']) {
    assert.ok(kept.some((uri) => uri === REQ + one || uri.startsWith(`${REQ}${one}/`)), `${REQ}${one} is wanted among ${kept.join(' ')}`)
  }
  assert.equal(new Set(kept).size, kept.length, 'each once')
})
root('what is said of MQTT comes with its endpoints, and what is not there is not claimed', async () => {
  const { serverSettings } = await read('')
  for (const one of MQTT_CLASSES) {
    if (!serverSettings.conformance.includes(REQ + one)) continue
    const { endpoints } = serverSettings[REQ + one] ?? assert.fail(`settings of ${one} are wanted`)
    assert.ok(endpoints.length > 0)
    for (const url of endpoints) assert.match(url, /^(mqtts?|wss?):\/\//)
  }
  for (const one of ['batch-request/batch-request', 'multi-datastream']) {
    if (serverSettings.conformance.some((uri) => uri.startsWith(REQ + one))) continue
    const path = one.startsWith('batch') ? '$batch' : 'MultiDatastreams'
    assert.equal((await get(path)).status, 404, `${path} is not claimed`)
  }
})

const control = of('datamodel/entity-control-information')
for (const set of SETS) {
  control(`${set}: id, self link and navigation links, in the set and alone`, async () => {
    const ids = await town()
    const alone = await read(at(set, ids[set]))
    const inSet = (await read(set, { $filter: `id eq ${JSON.stringify(ids[set]).replaceAll('"', "'")}` })).value[0]
    assert.deepEqual(inSet, alone, 'the same in the set and alone')
    assert.deepEqual(alone['@iot.id'], ids[set])
    assert.equal(address(alone['@iot.selfLink']), address(at(set, ids[set])))
    assert.deepEqual(await read(alone['@iot.selfLink']), alone)
    for (const link of Object.keys(MODEL[set].links)) {
      const path = alone[`${link}@iot.navigationLink`]
      assert.equal(typeof path, 'string', `${link}@iot.navigationLink`)
      assert.equal(address(path), address(at(set, ids[set], link)))
    }
    const strange = Object.keys(alone).filter((key) => key.endsWith('@iot.navigationLink') && !MODEL[set].links[key.split('@')[0]])
    assert.deepEqual(strange, [], 'no links but those of the model')
  })
}

// What the entities of the town were given, by set.
const TYPES = {
  name: 'string', description: 'string', encodingType: 'string', definition: 'string', observationType: 'string', time: 'string', phenomenonTime: 'string',
  unitOfMeasurement: 'object', properties: 'object', observedArea: 'object', location: 'object', feature: 'object', parameters: 'object', validTime: 'string',
}
for (const set of SETS) {
  const { one, needs, may, links } = MODEL[set]
  of(`datamodel/${one}/properties`)('those that are mandatory, and their types', async () => {
    const entity = await read(at(set, (await town())[set]))
    for (const name of needs) {
      assert.ok(name in entity, `${name} is wanted in ${JSON.stringify(entity)}`)
      if (TYPES[name] && entity[name] !== null) assert.equal(typeof entity[name], TYPES[name], name)
    }
    const known = [...needs, ...may]
    assert.deepEqual(Object.keys(entity).filter((key) => !key.includes('@') && !known.includes(key)), [], 'none but those of the model')
  })
  of(`datamodel/${one}/relations`)('each leads to entities of the right kind, and they lead back', async () => {
    const ids = await town()
    for (const [link, target] of Object.entries(links)) {
      const many = SETS.includes(link)
      const there = await read(at(set, ids[set], link))
      const found = many ? there.value : [there]
      assert.ok(found.length > 0, `${one}/${link}`)
      for (const entity of found) {
        assert.equal(address(entity['@iot.selfLink']), address(at(target, entity['@iot.id'])))
        const back = Object.entries(MODEL[target].links).find(([, where]) => where === set)[0]
        const home = await read(at(target, entity['@iot.id'], back))
        assert.ok((SETS.includes(back) ? home.value : [home]).some((each) => each['@iot.id'] === ids[set]), `${target}/${back} leads back`)
      }
    }
  })
}

of('datamodel/Thing/properties')('properties are a JSON object of any depth and come back as they went', async () => {
  const properties = { 高: '水位', list: [1, 'two', null, { three: 3.5 }], none: null, yes: true, far: { deeper: { deepest: 'x' } }, quoted: `"'\\`, empty: {} }
  assert.deepEqual((await read(at('Things', await make('Things', thing({ properties }))))).properties, properties)
})
of('datamodel/Datastream/properties')('the unit is an object of name, symbol and definition', async () => {
  const { unitOfMeasurement, observationType, observedArea } = await read(at('Datastreams', (await town()).Datastreams))
  assert.deepEqual(Object.keys(unitOfMeasurement).sort(), ['definition', 'name', 'symbol'])
  assert.equal(unitOfMeasurement.symbol, '°C')
  assert.equal(observationType, KIND.number)
  assert.equal(observedArea.type, 'Polygon')
})
of('datamodel/Datastream/properties')('a unit may be empty: a truth or a category has none', async () => {
  const nothing = { name: null, symbol: null, definition: null }
  const id = await makeStream({ unitOfMeasurement: nothing, observationType: KIND.truth })
  assert.deepEqual((await read(at('Datastreams', id))).unitOfMeasurement, nothing)
})
of('datamodel/Observation/properties')('times are ISO 8601, result and the rest are as they were sent', async () => {
  const entity = await read(at('Observations', (await town()).Observations))
  for (const name of ['phenomenonTime', 'resultTime']) assert.match(entity[name], /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/, name)
  assert.ok(sameTime(entity.validTime, `${entity.phenomenonTime}/${new Date(new Date(entity.phenomenonTime).getTime() + 3600000).toISOString()}`), entity.validTime)
  assert.equal(entity.result, 21.5)
  assert.deepEqual(entity.parameters, { rain: 'none' })
})
of('datamodel/HistoricalLocation/properties')('its time is when it was noted', async () => {
  const { time } = await read(at('HistoricalLocations', (await town()).HistoricalLocations))
  assert.ok(Math.abs(new Date(time) - Date.now()) < 86400000, time)
})
of('datamodel/entity-control-information')('links stay where they are asked: every self link of a set is that of an entity', async () => {
  await town()
  for (const set of SETS) {
    for (const one of (await read(set, { $top: 5 })).value) assert.deepEqual(idOf(one['@iot.selfLink']), one['@iot.id'])
    assert.ok((await list(set, { $top: 1000, $select: 'id', $filter: 'id gt 0' })).length > 0)
  }
})
