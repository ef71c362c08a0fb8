// A.3 request-data: $orderby, $top, $skip, $count, links to the next page, and options that there are not.
import assert from 'node:assert/strict'
import { at, get, list, pages, post, read, refused, remove, service } from '../support/client.mjs'
import { numbers, things } from '../support/rows.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour } from '../support/times.mjs'
import { anyFeature, anyProperty, anySensor, make, makeObservation, makeStream, makeThing, mark, stream, thing, to, town } from '../support/world.mjs'

const order = of('request-data/orderby')
const labelsOf = (rows, found) => found.map((one) => rows.find((row) => row.id === one['@iot.id']).label)
/** Each case: $orderby, and the labels in their order. */
const ordered = (name, what, cases) => order(name, async () => {
  const { path, rows } = await what()
  for (const [$orderby, sort] of cases) assert.deepEqual(labelsOf(rows, await list(path, { $orderby, $top: 1000 })), [...rows].sort(sort).map((row) => row.label), `$orderby=${$orderby}`)
})
const byResult = (a, b) => a.result - b.result
ordered('numbers: ascending unless told, asc, desc', numbers, [['result', byResult], ['result asc', byResult], ['result desc', (a, b) => byResult(b, a)], ['result  desc', (a, b) => byResult(b, a)]])
ordered('times and ids', numbers, [['phenomenonTime', (a, b) => (a.phenomenonTime < b.phenomenonTime ? -1 : 1)], ['phenomenonTime desc', (a, b) => (a.phenomenonTime < b.phenomenonTime ? 1 : -1)], ['id desc', (a, b) => b.id - a.id], ['@iot.id', (a, b) => a.id - b.id]])
ordered('strings', things, [['name', (a, b) => (a.name < b.name ? -1 : 1)], ['name desc', (a, b) => (a.name < b.name ? 1 : -1)]])
ordered('null comes before everything, and after it when descending', numbers, [
  ['resultTime,id', (a, b) => (a.resultTime ?? '').localeCompare(b.resultTime ?? '') || a.id - b.id], ['resultTime desc,id', (a, b) => (b.resultTime ?? '').localeCompare(a.resultTime ?? '') || a.id - b.id],
])
ordered('expressions', numbers, [['result mul -1', (a, b) => byResult(b, a)], ['result sub 1 desc', (a, b) => byResult(b, a)]])
order('several keys: the second decides where the first is the same', async () => {
  const id = await makeStream()
  const rows = []
  for (const [i, [result, at1]] of [[2, 3], [1, 1], [2, 1], [1, 3], [2, 2], [1, 2]].entries()) rows.push({ label: `${result}/${at1}`, result, at1, id: await makeObservation(id, { result, phenomenonTime: hour(at1 + i / 100), resultTime: hour(at1) }) })
  const cases = [['result,resultTime', ['1/1', '1/2', '1/3', '2/1', '2/2', '2/3']], ['result desc,resultTime', ['2/1', '2/2', '2/3', '1/1', '1/2', '1/3']], ['resultTime desc, result asc', ['1/3', '2/3', '1/2', '2/2', '1/1', '2/1']], ['resultTime,result desc,id', ['2/1', '1/1', '2/2', '1/2', '2/3', '1/3']]]
  for (const [$orderby, wanted] of cases) assert.deepEqual(labelsOf(rows, await list(at('Datastreams', id, 'Observations'), { $orderby })), wanted, $orderby)
})
order('by a linked entity, and by a part of a property', async () => {
  const owner = await makeThing(), links = { Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  const datastreams = []
  for (const [name, symbol] of [['b', 'x'], ['c', 'z'], ['a', 'y']]) datastreams.push({ label: name, id: await make(at('Things', owner, 'Datastreams'), stream({ ...links, name: `${mark} order ${name}`, unitOfMeasurement: { name: symbol, symbol, definition: 'https://example.org' } })) })
  assert.deepEqual(labelsOf(datastreams, await list(at('Things', owner, 'Datastreams'), { $orderby: 'unitOfMeasurement/symbol' })), ['b', 'a', 'c'])
  const observations = []
  for (const { label, id } of datastreams) for (const result of [1, 2]) observations.push({ label: `${label}${result}`, id: await makeObservation(id, { result, phenomenonTime: hour(result) }) })
  const ours = { $filter: `Datastream/Thing/id eq ${owner}` }
  assert.deepEqual(labelsOf(observations, await list('Observations', { ...ours, $orderby: 'Datastream/name desc,result' })), ['c1', 'c2', 'b1', 'b2', 'a1', 'a2'])
  assert.deepEqual(labelsOf(observations, await list('Observations', { ...ours, $orderby: 'result desc,Datastream/name' })), ['a2', 'b2', 'c2', 'a1', 'b1', 'c1'])
})
order('by a property of JSON', async () => {
  const { path, rows } = await things()
  const found = labelsOf(rows, await list(path, { $filter: 'properties/n gt -1000', $orderby: 'properties/n desc' }))
  assert.deepEqual(found, ['tree', 'gate', 'pump', 'lamp', 'bench'])
})
order('what there is not, or is no key, is 400', async () => {
  const { path } = await numbers()
  for (const bad of ['', 'wetness', 'result up', 'result,', ',result', 'result desc desc', 'result asc,wetness', 'Datastream/wetness', 'Datastream', 'result desc phenomenonTime']) await refused(get(path, { $orderby: bad }), 400, 501)
})

const top = of('request-data/top'), skip = of('request-data/skip'), count = of('request-data/count')
top('no more than that, the first of the order', async () => {
  const { path, rows } = await numbers()
  for (const n of [1, 3, rows.length - 1, rows.length, rows.length + 5]) assert.equal((await read(path, { $top: n })).value.length, Math.min(n, rows.length), `$top=${n}`)
  assert.deepEqual((await read(path, { $top: 2, $orderby: 'result desc' })).value.map((one) => one.result), [100, 20])
})
top('0 is none', async () => {
  const { path } = await numbers()
  assert.deepEqual((await read(path, { $top: 0 })).value, [])
  assert.equal((await read(path, { $top: 0, $count: 'true' }))['@iot.count'], 10)
})
top('more than the service gives at once is as much as it gives', async () => {
  const { path, rows } = await numbers()
  for (const n of [100000, 2147483648, 9007199254740991]) assert.equal((await list(path, { $top: n })).length, rows.length)
})
top('without an order the order is stable', async () => {
  const { path } = await numbers()
  const whole = (await list(path)).map((one) => one['@iot.id'])
  for (let n = 1; n <= whole.length; ++n) assert.deepEqual((await read(path, { $top: n })).value.map((one) => one['@iot.id']), whole.slice(0, n))
})
for (const [option, subject] of [['$top', top], ['$skip', skip]]) {
  subject('what is no number that counts is 400', async () => {
    const { path } = await numbers()
    for (const bad of ['-1', 'a', '', '1.5', ' ', '1e2', '0x5', '99999999999999999999999999']) await refused(get(path, { [option]: bad }), 400)
  })
}
skip('begins after so many of the order', async () => {
  const { path, rows } = await numbers()
  const sorted = rows.map((row) => row.result).sort((a, b) => a - b)
  for (const n of [0, 1, 4, rows.length - 1, rows.length, rows.length + 10]) assert.deepEqual((await list(path, { $orderby: 'result', $skip: n })).map((one) => one.result), sorted.slice(n), `$skip=${n}`)
})
skip('before $top, however they are written', async () => {
  const { path } = await numbers()
  for (const text of ['$skip=2&$top=2', '$top=2&$skip=2']) assert.deepEqual((await read(`${service.url}/${path}?${text}&$orderby=result%20desc`)).value.map((one) => one.result), [10, 3], text)
})
skip('of everything there is nothing left, and no next page', async () => {
  const { path } = await numbers()
  const page = await read(path, { $skip: 1000000 })
  assert.deepEqual([page.value, page['@iot.nextLink']], [[], undefined])
})
count('true tells it, false and nothing do not', async () => {
  const { path, rows } = await numbers()
  assert.equal((await read(path, { $count: 'true' }))['@iot.count'], rows.length)
  for (const options of [{ $count: 'false' }, {}]) assert.equal((await read(path, options))['@iot.count'], undefined)
})
count('anything else is 400', async () => {
  const { path } = await numbers()
  for (const bad of ['yes', '1', '', 'TRUE', 'true false']) await refused(get(path, { $count: bad }), 400)
})
count('it is that of what the filter leaves, whatever $top, $skip and $expand say', async () => {
  const { path } = await numbers()
  for (const more of [{}, { $top: 1 }, { $skip: 2 }, { $top: 1, $skip: 1 }, { $expand: 'Datastream' }, { $orderby: 'result desc' }, { $top: 0 }]) assert.equal((await read(path, { $count: 'true', $filter: 'result gt 0', ...more }))['@iot.count'], 7, JSON.stringify(more))
})
count('of nothing it is 0, of a set of another entity it is that of the set', async () => {
  const { path, datastream } = await numbers()
  assert.equal((await read(path, { $count: 'true', $filter: 'result gt 1000' }))['@iot.count'], 0)
  assert.equal((await read(at('Datastreams', datastream, 'Observations'), { $count: 'true' }))['@iot.count'], 10)
  assert.equal((await read('Observations', { $count: 'true', $top: 1, $filter: `Datastream/id eq ${datastream}` }))['@iot.count'], 10)
})
count('it comes before the list', async () => {
  const { path } = await numbers()
  const said = await get(path, { $count: 'true' })
  assert.equal(said.json?.['@iot.count'], 10)
  assert.ok(said.text.indexOf('@iot.count') < said.text.indexOf('"value"'), said.what)
})
of('request-data/order')('filter, count, order, skip, top, expand, select: one after the other', async () => {
  const { path } = await numbers()
  const page = await read(path, { $select: 'result', $expand: 'Datastream($select=id)', $top: 3, $skip: 1, $orderby: 'result desc', $count: 'true', $filter: 'result ge 0' })
  assert.equal(page['@iot.count'], 8)
  assert.deepEqual(page.value.map((one) => one.result), [20, 10, 3])
  assert.ok(page.value.every((one) => one.Datastream['@iot.id'] && one.phenomenonTime === undefined))
})

const paging = of('request-data/pagination')
const walk = async (path, options) => {
  const found = []
  for await (const page of pages(path, options)) found.push(page.value)
  return found
}
for (const [name, options] of Object.entries({
  'no order': {}, 'an order of one key': { $orderby: 'result' }, 'descending': { $orderby: 'phenomenonTime desc' }, 'a key that many share': { $orderby: 'parameters/by' }, 'a key that some do not have': { $orderby: 'resultTime desc' }, 'a key of a linked entity': { $orderby: 'Datastream/name' },
  'two keys': { $orderby: 'parameters/by desc,result' }, 'a filter': { $filter: 'result gt 0', $orderby: 'result desc' }, 'an expression': { $orderby: 'result mul result' }, 'a count': { $count: 'true' },
})) {
  paging(`a walk with ${name} sees each once, in the order of the whole`, async () => {
    const { path } = await numbers()
    const whole = (await list(path, { ...options, $top: 1000 })).map((one) => one['@iot.id'])
    for (const size of [1, 3, 4]) {
      const found = await walk(path, { ...options, $top: size })
      assert.deepEqual(found.flat().map((one) => one['@iot.id']), whole, `$top=${size}`)
      assert.ok(found.every((page, i) => page.length === size || i === found.length - 1), `pages of ${size}: ${found.map((page) => page.length)}`)
      if (whole.length % size === 0) assert.equal(found.length, whole.length / size, 'no empty page at the end')
    }
  })
}
paging('a walk keeps $select, $expand, $filter and $count', async () => {
  const { path } = await numbers()
  for await (const page of pages(path, { $top: 3, $filter: 'result gt 0', $select: 'result', $expand: 'Datastream($select=id)', $count: 'true' })) {
    assert.equal(page['@iot.count'], 7)
    for (const one of page.value) assert.ok(one.result > 0 && one.phenomenonTime === undefined && one.Datastream['@iot.id'])
  }
})
paging('a walk that begins with $skip', async () => {
  const { path } = await numbers()
  assert.deepEqual((await walk(path, { $skip: 2, $top: 3, $orderby: 'result' })).flat().map((one) => one.result), [0, 0.5, 1, 2.5, 3, 10, 20, 100])
})
paging('the last page has no link, nor has a page of all', async () => {
  const { path } = await numbers()
  for (const options of [{ $top: 10 }, { $top: 11 }, {}]) assert.equal((await read(path, options))['@iot.nextLink'], undefined, JSON.stringify(options))
  assert.equal(typeof (await read(path, { $top: 9 }))['@iot.nextLink'], 'string')
})
paging('of things that appear and vanish on the way, those that stay are seen once each', async () => {
  for (const $orderby of [undefined, 'phenomenonTime', 'phenomenonTime desc', 'result,id']) {
    const id = await makeStream()
    const path = at('Datastreams', id, 'Observations')
    const stay = []
    for (let i = 0; i < 8; ++i) stay.push(await makeObservation(id, { result: 10 + i, phenomenonTime: hour(10 + i) }))
    const seen = []
    let n = 0
    for await (const page of pages(path, { $top: 2, ...($orderby ? { $orderby } : {}) })) {
      seen.push(...page.value.map((one) => one['@iot.id']))
      n += 1
      if (n < 5) {
        await makeObservation(id, { result: n / 10, phenomenonTime: hour(n / 10) })
        await makeObservation(id, { result: 100 + n, phenomenonTime: hour(100 + n) })
      }
    }
    sameMembers(seen.filter((one) => stay.includes(one)), stay, `$orderby=${$orderby}`)
    assert.equal(new Set(seen).size, seen.length, 'none twice')
  }
})
paging('one that vanishes on the way takes no other with it', async () => {
  const owner = await makeThing()
  const ids = []
  const links = { Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()) }
  for (let i = 0; i < 6; ++i) ids.push(await make(at('Things', owner, 'Datastreams'), stream(links)))
  const first = await read(at('Things', owner, 'Datastreams'), { $top: 2, $orderby: 'id' })
  await remove(at('Datastreams', ids[0]))
  assert.deepEqual((await list(first['@iot.nextLink'])).map((one) => one['@iot.id']), ids.slice(2))
})
paging('the service itself does not give all at once: 1,200 in pages', async () => {
  const road = to(await anyFeature())
  const Observations = Array.from({ length: 1200 }, (_, i) => ({ phenomenonTime: hour(i / 60), result: i, FeatureOfInterest: road }))
  const id = await make('Datastreams', stream({ Thing: to(await makeThing()), Sensor: to(await anySensor()), ObservedProperty: to(await anyProperty()), Observations }))
  const found = await walk(at('Datastreams', id, 'Observations'), { $orderby: 'result' })
  assert.ok(found.length > 1, 'more than one page')
  assert.deepEqual(found.flat().map((one) => one.result), Observations.map((one) => one.result))
})
paging('a broken link is 400, and tells nothing', async () => {
  const { path } = await numbers()
  const next = (await read(path, { $top: 2 }))['@iot.nextLink']
  const { searchParams } = new URL(next, `${service.url}/`)
  for (const [name, value] of searchParams) {
    if (['$top', '$skip', '$orderby', '$filter', '$count', '$select', '$expand'].includes(name)) continue
    for (const bad of ['', 'x', `${value}x`, value.slice(1), '%00', "' or 1 eq 1"]) {
      const url = new URL(next, `${service.url}/`)
      url.searchParams.set(name, bad)
      const said = await get(url.href)
      assert.ok([200, 400, 410].includes(said.status), said.what)
      if (said.status === 200) assert.ok(said.json.value.length <= 10)
    }
  }
})

const unknown = of('request-data/query-status-code')
unknown('an option that there is not is 501 (or 400)', async () => {
  const { path } = await numbers()
  for (const option of ['$search', '$compute', '$apply', '$wet', '$skiptoken2', '$Top', '$TOP']) await refused(get(path, { [option]: '1' }), 501, 400)
})
unknown('an option twice is refused, or taken once', async () => {
  const { path } = await numbers()
  const said = await get(`${service.url}/${path}?$top=1&$top=2`)
  assert.ok(said.status === 400 || (said.status === 200 && [1, 2].includes(said.json.value.length)), said.what)
})
unknown('$resultFormat that there is not is refused', async () => {
  const { path } = await numbers()
  for (const bad of ['nonsense', '', 'DataArray2']) await refused(get(path, { $resultFormat: bad }), 400, 406, 501)
})
unknown('options are for reading: on writing they change nothing', async () => {
  const name = `${mark} written`
  const said = await post('Things', thing({ name }), { options: { $top: 1 } })
  assert.ok([201, 400, 501].includes(said.status), said.what)
  assert.equal((await list('Things', { $filter: `name eq '${name}'` })).length, said.status === 201 ? 1 : 0)
  assert.ok((await town()).Things)
})
