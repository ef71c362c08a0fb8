// A.3 request-data: $filter, its operators, literals and what becomes of nothing.
import assert from 'node:assert/strict'
import { at, get, list, read, refused, service } from '../support/client.mjs'
import { finds, findsNothing, refusesFilters } from '../support/filtering.mjs'
import { mixed, numbers, things } from '../support/rows.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { hour } from '../support/times.mjs'
import { mark } from '../support/world.mjs'

const operators = of('request-data/built-in-filter-operations')
const onNumbers = (name, cases) => operators(name, async () => { const { path, rows } = await numbers(); await finds(path, rows, cases) })
const onThings = (name, cases) => operators(name, async () => { const { path, rows } = await things(); await finds(path, rows, cases) })

const compare = { eq: (a, b) => a === b, ne: (a, b) => a !== b, gt: (a, b) => a > b, ge: (a, b) => a >= b, lt: (a, b) => a < b, le: (a, b) => a <= b }
for (const [op, holds] of Object.entries(compare)) {
  onNumbers(`${op} of numbers`, [1, 2.5, -1, -5.5, 0, 100, 3.3].flatMap((n) => [[`result ${op} ${n}`, (row) => holds(row.result, n)], [`${n} ${op} result`, (row) => holds(n, row.result)]]))
  onThings(`${op} of strings`, ['lamp', 'gate'].map((word) => [`name ${op} '${mark} ${word}'`, (row) => holds(row.name, `${mark} ${word}`)]))
  onNumbers(`${op} of times`, [[`phenomenonTime ${op} ${hour(4)}`, (row) => holds(new Date(row.phenomenonTime).getTime(), new Date(hour(4)).getTime())]])
}
onNumbers('numbers may be written in any way', [['result eq 2.50', ['2.5']], ['result eq 25e-1', ['2.5']], ['result eq 0.25E1', ['2.5']], ['result eq 1.0', ['1']], ['result eq -1.00', ['-1']], ['result lt 1e300', () => true], ['result gt -1e300', () => true]])
onNumbers('and, or, not', [
  ['result gt 0 and result lt 10', (row) => row.result > 0 && row.result < 10], ['result lt 0 or result gt 10', (row) => row.result < 0 || row.result > 10],
  ['not (result gt 0)', (row) => !(row.result > 0)], ['not result gt 0', (row) => !(row.result > 0)], ['not (not (result gt 0))', (row) => row.result > 0],
  ['not (result gt 0 and result lt 10)', (row) => !(row.result > 0 && row.result < 10)],
])
onNumbers('and binds more than or, not more than and, comparing more than not', [
  ['result lt 0 or result gt 0 and result gt 9', (row) => row.result < 0 || (row.result > 0 && row.result > 9)],
  ['result gt 9 and result gt 0 or result lt 0', (row) => row.result < 0 || row.result > 9],
  ['(result lt 0 or result gt 0) and result gt 9', (row) => row.result > 9],
  ['not result gt 0 and result gt -2', (row) => row.result <= 0 && row.result > -2],
  ['not (result gt 0) or result eq 100', (row) => row.result <= 0 || row.result === 100],
])
onNumbers('add, sub, mul, div, mod', [
  ['result add 5 gt 10', (row) => row.result + 5 > 10], ['result sub 5 gt 4', (row) => row.result - 5 > 4], ['result mul 2 eq 5', (row) => row.result * 2 === 5], ['result div 2 gt 1.4', (row) => row.result / 2 > 1.4],
  ['result mod 2 eq 0', (row) => row.result % 2 === 0], ['result mod 2 eq 0.5', (row) => row.result % 2 === 0.5], ['5 sub result eq 4', ['1']], ['10 div result eq 4', ['2.5']], ['result add -1 eq 0', ['1']],
])
onNumbers('a quotient of whole measurements is not cut', [['result div 2 eq 1.5', ['3']], ['result div 4 eq 2.5', ['10']]])
onNumbers('mul, div, mod bind more than add, sub; equal ones from the left', [
  ['result add 2 mul 3 eq 7', ['1']], ['(result add 2) mul 3 eq 9', ['1']], ['result sub 1 sub 1 eq 1', ['3']], ['result div 2 div 5 eq 1', ['10']], ['result mul 2 add 1 eq 6', ['2.5']], ['20 sub result mul 2 eq 0', ['10']],
])
onNumbers('parentheses of any depth', [['((result) gt ((9)))', (row) => row.result > 9], [`${'('.repeat(20)}result gt 9${')'.repeat(20)}`, (row) => row.result > 9], ['(((result sub 5))) gt 10', (row) => row.result - 5 > 10]])
operators('a division by nothing finds nothing and breaks nothing', async () => {
  const { path, rows } = await numbers()
  await findsNothing(path, rows, ['1 div 0 eq 1', 'result mod 0 eq 1'])
  const said = await get(path, { $filter: '10 div result gt 3' })
  if (said.status === 200) sameMembers(said.json.value.map((one) => one.result), rows.map((row) => row.result).filter((n) => n > 0 && 10 / n > 3), said.what)
  else await refused(said, 400)
})

const filter = of('request-data/filter')
const filterOn = (name, what, cases) => filter(name, async () => { const { path, rows } = await what(); await finds(path, rows, cases) })
filterOn('null: what has no value is only found by asking for null', numbers, [
  ['resultTime eq null', (row) => !row.resultTime], ['resultTime ne null', (row) => Boolean(row.resultTime)], ['validTime eq null', (row) => !row.validTime], ['null eq validTime', (row) => !row.validTime],
  ['parameters/by eq null', (row) => !row.parameters.by], ['parameters/by ne null', (row) => Boolean(row.parameters.by)],
])
filterOn('null: compared with a value it is neither true nor false', numbers, [
  [`resultTime gt ${hour(0)}`, (row) => Boolean(row.resultTime)], [`not (resultTime gt ${hour(100)})`, (row) => Boolean(row.resultTime)], [`resultTime gt ${hour(100)} or resultTime lt ${hour(100)}`, (row) => Boolean(row.resultTime)],
  ['parameters/rain gt 0', (row) => row.parameters.rain > 0], ['not (parameters/rain gt 3)', (row) => row.parameters.rain <= 3],
  ['parameters/rain gt 3 or result eq 0', (row) => row.parameters.rain > 3 || row.result === 0], ['not (parameters/rain gt 3 and result gt 1000)', () => true],
])
filterOn('strings: quotes are doubled, and nothing else is special', things, [
  ["description eq 'it''s 100% _wet_'", ['bench']], ["description eq 'it_s 100% _wet_'", []], ["description eq 'a/b;c,d(e)&f=g+h'", ['bare']], ["description eq '国槐 · Sophora 树'", ['tree']], ["description eq ' padded '", ['gate']], ["description eq 'padded'", []],
  ["properties/colour eq ''", ['bench']], ["description eq 'street lamp'", []],
])
filterOn('properties of JSON: numbers, strings, booleans, of any depth', things, [
  ['properties/n eq 2', ['pump']], ['properties/n gt 1', (row) => typeof row.properties.n === 'number' && row.properties.n > 1], ['properties/n le -3', ['bench']], ["properties/colour eq 'red'", ['lamp']], ["properties/colour eq '红色'", ['gate']],
  ['properties/on eq true', ['lamp']], ['properties/on eq false', ['pump']], ['properties/pole/height gt 4.4', ['lamp', 'pump']], ['properties/pole/height gt 9', ['pump']], ["properties/pole/base/kind eq 'steel'", ['lamp']],
  ['properties/n add 1 eq 3', ['pump']], ["properties/colour eq 'red' or properties/n eq 12", ['lamp', 'tree']],
])
filterOn('properties of JSON: what is not there has no value', things, [
  ['properties/no/such eq null', () => true], ['properties/pole/height eq null', (row) => row.properties.pole?.height === undefined], ['properties/colour eq null', (row) => (row.properties.colour ?? null) === null], ["properties/nothing eq 'x'", []], ['properties/nothing gt 1', []],
])
filterOn('properties of JSON: a number is no string', things, [['properties/n eq 2', ['pump']], ["properties/n eq '2'", ['text']]])
filter('properties of JSON: a name with a quote in it reaches no database', async () => {
  const { path, rows } = await things()
  await findsNothing(path, rows, ["properties/a'b eq 1", 'properties/a"b eq 1', 'properties/$.n eq 2', "properties/n') or 1 eq 1 or ('a' eq 'a", 'properties/"n" eq 2'])
})
filterOn('results of any kind are compared with their own kind', mixed, [
  ['result eq 5', ['five']], ['result gt 0.4', ['five', 'half']], ['result lt 1', ['half']], ["result eq 'wet'", ['word']], ["result eq '5'", ['text five']], ['result eq true', ['yes']], ['result eq false', ['no']],
  ["startswith(result,'we')", ['word']],
])
filter('a filter that is a yes or no by itself', async () => {
  const { path, rows } = await things()
  await finds(path, rows, [['true', () => true], ['false', []], ['true and not false', () => true]])
})
filter('it applies to any address of a set', async () => {
  const { path, rows, datastream } = await numbers()
  const wanted = rows.filter((row) => row.result > 9).map((row) => row.id)
  for (const where of [path, `Datastreams(${datastream})/Observations`]) sameMembers((await list(where, { $filter: 'result gt 9' })).map((one) => one['@iot.id']), wanted, where)
  sameMembers((await list('Observations', { $filter: `result gt 9 and Datastream/id eq ${datastream}` })).map((one) => one['@iot.id']), wanted, 'Observations')
})
filter('spaces and encodings: %20, +, %24filter, many spaces', async () => {
  const { path } = await numbers()
  for (const text of ['$filter=result%20gt%209', '%24filter=result+gt+9', '$filter=%20%20result%20%20gt%20%209%20', '$filter=(%20result%20gt%209%20)']) {
    assert.equal((await read(`${service.url}/${path}?${text}`)).value.length, 3, text)
  }
})
filter('what cannot be read is 400, and the answer says something', async () => {
  const { path } = await numbers()
  await refusesFilters(path, ['', ' ', 'result', 'result gt', 'gt 5', 'result gt gt 5', 'result > 5', 'result == 5', 'result gt 5 and', 'and result gt 5', '(result gt 5', 'result gt 5)', '()', 'not', "result eq 'open", 'result eq "open"', 'result gt 5 result lt 6',
    'result gt 5;', 'result gt 1.2.3', 'result gt 5 &&', '1', "'a'", 'result GT 5', 'result gt 5,', 'result/', '/result', 'result//x gt 5', 'result gt 0x10'])
  assert.ok((await get(path, { $filter: 'result gt' })).text.length > 0)
})
filter('a property, a link or a function that there is not is 400', async () => {
  const { path } = await numbers()
  await refusesFilters(path, ['wetness gt 5', 'Thing/name eq 5', 'Datastream/wetness eq 5', 'Datastream/Observed/name eq 5', 'Datastreams/id eq 5', "wet('a')", 'length(1,2,3) eq 5', 'length() eq 5', "substringof('a')", "startswith(result)", 'now(1) gt phenomenonTime', 'year() eq 2026'])
})
filter('kinds that do not go together are 400 or find nothing', async () => {
  const { path, rows } = await numbers()
  await findsNothing(path, rows, ["phenomenonTime eq 'yesterday'", 'phenomenonTime gt 5', "length(5) eq 'a'", 'round(true) eq 1', "year('x') eq 2026", "result add 'a' eq 5", "phenomenonTime add 'a' eq 5"])
})
filter('text of an attacker is text', async () => {
  const { path, rows } = await things()
  await findsNothing(path, rows, ["name eq '''; DROP TABLE things; --'", "name eq 'x'' OR ''1''=''1'", "name eq 'x' or 1=1", "name eq 'x'; DELETE FROM things", "name eq '\\'' or true or '\\''", 'name eq \u0000', "name eq '%'", "startswith(name,'%')", "substringof('_%_%_',name)", "endswith(name,'%')"])
  assert.equal((await list(path)).length, rows.length)
})
filter('very deep or very long ones are answered: understood, or refused', async () => {
  const { path } = await numbers()
  for (const text of [`${'('.repeat(3000)}result gt 9${')'.repeat(3000)}`, `${'not '.repeat(3000)}result gt 9`, `result gt 9${' or result gt 9'.repeat(3000)}`, `result eq ${'9'.repeat(5000)}`, `result gt ${'1 add '.repeat(3000)}1`, `name eq '${'x'.repeat(20000)}'`]) {
    const said = await get(path, { $filter: text })
    assert.ok([200, 400, 413, 414, 431, 501].includes(said.status), String(said.status))
  }
  assert.equal((await read(path, { $filter: `result gt 9${' or result gt 9'.repeat(20)}` })).value.length, 3)
})
filter('a list of many ids is understood', async () => {
  const { path, rows } = await numbers()
  const some = rows.slice(2, 9)
  sameMembers((await list(path, { $filter: some.map((row) => `id eq ${row.id}`).join(' or ') })).map((one) => one['@iot.id']), some.map((row) => row.id), 'by ids')
})
filter('one entity is not filtered: 400, or as if nothing was asked', async () => {
  const { datastream } = await numbers()
  const said = await get(at('Datastreams', datastream), { $filter: 'id eq 0' })
  assert.ok(said.status === 400 || (said.status === 200 && said.json['@iot.id'] === datastream), said.what)
})
