// A.6 data-array: reading many Observations in a short form, and making many at once.
import assert from 'node:assert/strict'
import { address, at, done, get, idOf, list, pages, post, read, refused } from '../support/client.mjs'
import { mixed, numbers } from '../support/rows.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour, sameTime, span } from '../support/times.mjs'
import { anyFeature, feature, KIND, location, make, makeObservation, makeStream, makeThing, NO_UNIT, to } from '../support/world.mjs'

const array = of('data-array/data-array')
const DATA_ARRAY = { $resultFormat: 'dataArray' }
const NOBODY = 9007199254740991

/** The Observations of a data array as objects by the names of its components. */
function unpack(group) {
  assert.ok(Array.isArray(group.components) && Array.isArray(group.dataArray), JSON.stringify(group).slice(0, 300))
  for (const row of group.dataArray) assert.equal(row.length, group.components.length, JSON.stringify(row))
  return group.dataArray.map((row) => Object.fromEntries(group.components.map((name, i) => [name, row[i]])))
}

array('reading: a group with its Datastream, components and rows', async () => {
  const { path, rows, datastream } = await numbers()
  const { value } = await read(path, { ...DATA_ARRAY, $orderby: 'result' })
  assert.equal(value.length, 1)
  assert.equal(address(value[0]['Datastream@iot.navigationLink']), address(at('Datastreams', datastream)))
  const found = unpack(value[0])
  assert.deepEqual(found.map((one) => one.result), rows.map((row) => row.result))
  assert.deepEqual(found.map((one) => one.id ?? one['@iot.id']), rows.map((row) => row.id))
  for (const [i, one] of found.entries()) {
    assert.ok(sameTime(one.phenomenonTime, rows[i].phenomenonTime))
    assert.ok(rows[i].resultTime ? sameTime(one.resultTime, rows[i].resultTime) : one.resultTime === null, String(one.resultTime))
  }
  if (value[0]['dataArray@iot.count'] !== undefined) assert.equal(value[0]['dataArray@iot.count'], rows.length)
})
array('reading: $select chooses the components', async () => {
  const { path } = await numbers()
  const [group] = (await read(path, { ...DATA_ARRAY, $select: 'result,phenomenonTime', $orderby: 'result desc', $top: 2 })).value
  sameMembers(group.components, ['result', 'phenomenonTime'], 'components')
  assert.deepEqual(unpack(group).map((one) => one.result), [100, 20])
})
array('reading: the id and what only some have can be chosen', async () => {
  const { path, rows } = await numbers()
  const [group] = (await read(path, { ...DATA_ARRAY, $select: 'id,validTime,parameters', $orderby: 'result' })).value
  const found = unpack(group)
  assert.deepEqual(found.map((one) => one.id ?? one['@iot.id']), rows.map((row) => row.id))
  assert.deepEqual(found.map((one) => Boolean(one.validTime)), rows.map((row) => Boolean(row.validTime)))
  assert.deepEqual(found.map((one) => one.parameters ?? {}), rows.map((row) => row.parameters))
})
array('reading: $filter, $skip, $count', async () => {
  const { path } = await numbers()
  const page = await read(path, { ...DATA_ARRAY, $filter: 'result gt 0', $orderby: 'result', $skip: 1, $top: 3, $count: 'true' })
  assert.equal(page['@iot.count'], 7)
  assert.deepEqual(page.value.flatMap(unpack).map((one) => one.result), [1, 2.5, 3])
})
array('reading: links to the next page keep the form and see each once', async () => {
  const { path, rows } = await numbers()
  const found = []
  for await (const page of pages(path, { ...DATA_ARRAY, $top: 4, $orderby: 'result' })) found.push(...page.value.flatMap(unpack))
  assert.deepEqual(found.map((one) => one.result), rows.map((row) => row.result))
})
array('reading: Observations of several Datastreams come in several groups', async () => {
  const owner = await makeThing(), a = await makeStream({ Thing: to(owner) }), b = await makeStream({ Thing: to(owner) })
  for (const [id, result] of [[a, 1], [b, 2], [a, 3], [b, 4]]) await makeObservation(id, { result, phenomenonTime: hour(result) })
  const { value } = await read('Observations', { ...DATA_ARRAY, $filter: `Datastream/Thing/id eq ${owner}`, $orderby: 'phenomenonTime' })
  const by = new Map()
  for (const group of value) {
    const id = idOf(group['Datastream@iot.navigationLink'])
    by.set(id, [...(by.get(id) ?? []), ...unpack(group).map((one) => one.result)])
  }
  assert.deepEqual([...by].sort(([x], [y]) => x - y), [[a, [1, 3]], [b, [2, 4]]])
})
array('reading: results of any kind', async () => {
  const { path, rows } = await mixed()
  assert.deepEqual((await read(path, { ...DATA_ARRAY, $orderby: 'phenomenonTime' })).value.flatMap(unpack).map((one) => one.result), rows.map((row) => row.result))
})
array('reading: none are no rows', async () => {
  const page = await read(at('Datastreams', await makeStream(), 'Observations'), DATA_ARRAY)
  assert.deepEqual(page.value.flatMap(unpack), [])
})
array('reading: of another set than Observations it is refused, or the plain form', async () => {
  await numbers()
  const said = await get('Things', { ...DATA_ARRAY, $top: 1 })
  assert.ok([200, 400, 501].includes(said.status), said.what)
})

const group = (datastream, components, dataArray, more = {}) => ({ Datastream: to(datastream), components, 'dataArray@iot.count': dataArray.length, dataArray, ...more })
const TIMED = ['phenomenonTime', 'result', 'FeatureOfInterest/id']
/** Sends groups; gives the answers, one for each row. */
async function send(...groups) {
  const said = await done(post('CreateObservations', groups), 201)
  assert.ok(Array.isArray(said.json), said.what)
  return said.json
}
const isError = (answer) => typeof answer === 'string' && answer.toLowerCase().startsWith('error')
const road = async () => anyFeature()

array('making: several Datastreams at once; a link for each row, in the order of the rows', async () => {
  const a = await makeStream(), b = await makeStream({ observationType: KIND.truth, unitOfMeasurement: NO_UNIT })
  const answers = await send(group(a, TIMED, [[hour(1), 20, await road()], [hour(2), 30, await road()]]), group(b, ['result', 'phenomenonTime', 'FeatureOfInterest/id'], [[true, hour(1), await road()]]))
  const wanted = [[a, 20, hour(1)], [a, 30, hour(2)], [b, true, hour(1)]]
  assert.equal(answers.length, wanted.length)
  for (const [i, [datastream, result, time]] of wanted.entries()) {
    const entity = await read(answers[i], { $expand: 'Datastream,FeatureOfInterest' })
    assert.deepEqual([entity.Datastream['@iot.id'], entity.result, entity.FeatureOfInterest['@iot.id']], [datastream, result, await road()])
    assert.ok(sameTime(entity.phenomenonTime, time))
    assert.equal(address(entity['@iot.selfLink']), address(answers[i]))
  }
})
array('making: every property of an Observation', async () => {
  const id = await makeStream()
  const [link] = await send(group(id, ['phenomenonTime', 'resultTime', 'result', 'validTime', 'parameters', 'FeatureOfInterest/id'], [[span(1, 2), hour(3), 5.5, span(1, 5), { rain: 'some' }, await road()]]))
  const entity = await read(link)
  assert.deepEqual([entity.result, entity.parameters], [5.5, { rain: 'some' }])
  for (const [name, time] of [['phenomenonTime', span(1, 2)], ['resultTime', hour(3)], ['validTime', span(1, 5)]]) assert.ok(sameTime(entity[name], time), `${name} ${entity[name]}`)
})
array('making: without times it is now, and resultTime is null', async () => {
  const [link] = await send(group(await makeStream(), ['result', 'FeatureOfInterest/id'], [[1, await road()]]))
  const { phenomenonTime, resultTime } = await read(link)
  assert.ok(Math.abs(new Date(phenomenonTime) - Date.now()) < 60000, phenomenonTime)
  assert.equal(resultTime, null)
})
array('making: without a feature it is that of the Thing', async () => {
  const here = location()
  const id = await makeStream({ Thing: to(await makeThing({ Locations: [here] })) })
  const links = await send(group(id, ['phenomenonTime', 'result'], [[hour(1), 1], [hour(2), 2]]))
  const made = await Promise.all(links.map((link) => read(`${link}/FeatureOfInterest`)))
  assert.deepEqual(made[0].feature, here.location)
  assert.equal(made[0]['@iot.id'], made[1]['@iot.id'])
})
array('making: each row may have a feature of its own', async () => {
  const id = await makeStream(), other = await make('FeaturesOfInterest', feature())
  const links = await send(group(id, TIMED, [[hour(1), 1, await road()], [hour(2), 2, other]]))
  assert.equal((await read(`${links[1]}/FeatureOfInterest`))['@iot.id'], other)
})
array('making: a row that is wrong is "error", and the others are made', async () => {
  const id = await makeStream(), here = await road()
  const rows = [[hour(1), 1, here], ['noon', 2, here], [hour(3), 3, NOBODY], [hour(4), 4, here], [hour(5)], [hour(6), 6, here, 'more'], 'row', null, {}, [], [hour(7), 7, 'nowhere'], [7, 8, here], [hour(9), 9, here]]
  const answers = await send(group(id, TIMED, rows))
  assert.equal(answers.length, rows.length)
  const good = [0, 3, 12]
  for (const [i, answer] of answers.entries()) assert.equal(isError(answer), !good.includes(i), `row ${i} ${JSON.stringify(rows[i])}: ${answer}`)
  assert.deepEqual((await list(at('Datastreams', id, 'Observations'), { $orderby: 'phenomenonTime' })).map((one) => one.result), [1, 4, 9])
  assert.deepEqual((await Promise.all(good.map((i) => read(answers[i])))).map((one) => one.result), [1, 4, 9])
})
array('making: a result of the wrong kind is "error"', async () => {
  const truth = await makeStream({ observationType: KIND.truth, unitOfMeasurement: NO_UNIT })
  const answers = await send(group(truth, TIMED, [[hour(1), true, await road()], [hour(2), 'wet', await road()], [hour(3), false, await road()]]))
  assert.deepEqual([isError(answers[0]), isError(answers[2])], [false, false])
  assert.equal((await list(at('Datastreams', truth, 'Observations'))).length, answers.filter((one) => !isError(one)).length)
})
array('making: a Datastream that is not there is "error" for its rows only', async () => {
  const id = await makeStream(), here = await road()
  const answers = await send(group(NOBODY, TIMED, [[hour(1), 1, here], [hour(2), 2, here]]), group(id, TIMED, [[hour(1), 1, here]]))
  assert.deepEqual(answers.map(isError), [true, true, false])
})
array('making: rows without a result are "error", or the whole is 400; nothing is made', async () => {
  const id = await makeStream()
  const said = await post('CreateObservations', [group(id, ['phenomenonTime', 'FeatureOfInterest/id'], [[hour(1), await road()]])])
  if (said.status === 201) assert.ok(said.json.every(isError), said.what)
  else await refused(said, 400, 422)
  assert.deepEqual(await list(at('Datastreams', id, 'Observations')), [])
})
array('making: the count may be left out, and does not decide', async () => {
  const id = await makeStream()
  const answers = await send({ Datastream: to(id), components: TIMED, dataArray: [[hour(1), 1, await road()]] })
  assert.equal(answers.filter(isError).length, 0)
  assert.equal((await list(at('Datastreams', id, 'Observations'))).length, 1)
})
array('making: what is no data array is 400, and nothing is made', async () => {
  const id = await makeStream()
  const here = await road()
  const row = [hour(1), 1, here]
  const broken = ['', '{', '5', 'null', '"x"', '[5]', '[null]', '[[]]', {}, group(id, TIMED, [row]), [{ Datastream: to(id), dataArray: [row] }], [{ Datastream: to(id), components: TIMED }], [{ components: TIMED, dataArray: [row] }], [group(id, TIMED, [row], { components: 'result' })], [group(id, [5], [[1]])],
    [group(id, ['result', 'result'], [[1, 1]])], [group(id, [], [[]])], [{ Datastream: { '@iot.id': 'x' }, components: TIMED, dataArray: 5 }], [{ Datastream: to(id), components: TIMED, dataArray: 'x' }]]
  for (const body of broken) {
    const said = await post('CreateObservations', body)
    assert.ok([400, 422].includes(said.status) || (said.status === 201 && Array.isArray(said.json) && said.json.every(isError)), said.what)
  }
  assert.deepEqual(await list(at('Datastreams', id, 'Observations')), [])
})
array('making: a component that an Observation does not have is refused, row by row or as a whole', async () => {
  const id = await makeStream()
  const said = await post('CreateObservations', [group(id, ['phenomenonTime', 'result', 'wetness'], [[hour(1), 1, 5]])])
  assert.ok([400, 422].includes(said.status) || (said.status === 201 && said.json.every(isError)), said.what)
  assert.deepEqual(await list(at('Datastreams', id, 'Observations')), [])
})
array('making: none are none', async () => {
  const said = await post('CreateObservations', [group(await makeStream(), TIMED, [])])
  assert.ok(said.status === 400 || (said.status === 201 && said.json.length === 0), said.what)
})
array('making: 2,000 rows of ten Datastreams are all there', async () => {
  const here = await road(), owner = to(await makeThing())
  const ids = []
  for (let i = 0; i < 10; ++i) ids.push(await makeStream({ Thing: owner }))
  const answers = await send(...ids.map((id, n) => group(id, TIMED, Array.from({ length: 200 }, (_, i) => [hour(i / 60), n * 1000 + i, here]))))
  assert.equal(answers.length, 2000)
  assert.equal(answers.filter(isError).length, 0)
  assert.equal(new Set(answers).size, 2000, 'each has an address of its own')
  for (const n of [0, 5, 9]) {
    const found = await list(at('Datastreams', ids[n], 'Observations'), { $orderby: 'result', $top: 1000 })
    assert.deepEqual(found.map((one) => one.result), Array.from({ length: 200 }, (_, i) => n * 1000 + i))
    assert.equal((await read(answers[n * 200 + 7])).result, n * 1000 + 7)
  }
})
array('making: what was made so is like what was made one by one', async () => {
  const id = await makeStream()
  await send(group(id, TIMED, [[hour(2), 2, await road()], [hour(1), 1, await road()]]))
  await makeObservation(id, { result: 3, phenomenonTime: hour(3) })
  assert.deepEqual((await list(at('Datastreams', id, 'Observations'), { $orderby: 'phenomenonTime', $filter: 'result gt 1' })).map((one) => one.result), [2, 3])
  assert.ok(sameTime((await read(at('Datastreams', id))).phenomenonTime, span(1, 3)))
})
