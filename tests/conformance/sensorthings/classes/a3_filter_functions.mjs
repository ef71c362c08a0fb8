// A.3 request-data: the built-in functions over strings, numbers and dates.
import assert from 'node:assert/strict'
import { list } from '../support/client.mjs'
import { finds, findsNothing } from '../support/filtering.mjs'
import { numbers, spans, things } from '../support/rows.mjs'
import { of, sameMembers } from '../support/testing.mjs'
import { day, hour, relations, span } from '../support/times.mjs'
import { mark } from '../support/world.mjs'

const functions = of('request-data/built-in-query-functions')
const on = (name, what, cases) => functions(name, async () => { const { path, rows } = await what(); await finds(path, rows, cases) })
const described = (holds) => (row) => holds(row.description)

on('substringof: the first within the second', things, [
  ["substringof('Lamp',description)", ['lamp']], ["substringof('Street',description)", ['lamp', 'text']], ["substringof('lamp',description)", []], ["substringof('',description)", () => true], ["substringof(description,'Street Lamp at night')", ['lamp', 'text']],
  ["substringof('Sophora',description)", ['tree']], ["substringof('槐',description)", ['tree']], ["substringof('%',description)", ['bench']], ["substringof('_',description)", ['bench']], ["substringof('''',description)", ['bench']], ["substringof('(e)&f',description)", ['bare']],
  ["substringof('Lamp',description) eq true", ['lamp']], ["substringof('Street',description) eq false", described((s) => !s.includes('Street'))], ["not substringof('Street',description)", described((s) => !s.includes('Street'))],
])
on('startswith, endswith', things, [
  ["startswith(description,'Street')", ['lamp', 'text']], ["startswith(description,'street')", []], ["startswith(description,'国')", ['tree']], ["startswith(description,'_')", []], ["endswith(description,'Lamp')", ['lamp']], ["endswith(description,'p')", ['lamp', 'pump']],
  ["endswith(description,'树')", ['tree']], ["endswith(description,'_')", ['bench']], ["endswith(description,'')", () => true], ["startswith(description,'Street Lamp and more')", []], ["startswith(properties/colour,'red')", ['lamp', 'text']],
])
on('length counts characters, not bytes', things, [['length(description) eq 4', ['pump']], [`length(description) eq ${'国槐 · Sophora 树'.length}`, described((s) => s.length === '国槐 · Sophora 树'.length)], ['length(properties/colour) eq 0', ['bench']], ['length(properties/colour) eq 2', ['gate']], ["length('国槐') eq 2", () => true]])
on('indexof begins at 0 and is -1 for nothing', things, [["indexof(description,'Lamp') eq 7", ['lamp']], ["indexof(description,'Street') eq 0", ['lamp', 'text']], ["indexof(description,'Street') eq -1", described((s) => !s.includes('Street'))], ["indexof(description,'Sophora') eq 5", ['tree']]])
on('substring begins at 0, with or without a length', things, [["substring(description,7) eq 'Lamp'", ['lamp']], ["substring(description,0,6) eq 'Street'", ['lamp', 'text']], ["substring(description,1,2) eq '槐 '", ['tree']], ["substring(description,1) eq 'ump'", ['pump']], ["substring(description,100) eq ''", () => true]])
on('tolower, toupper', things, [["tolower(description) eq 'street lamp'", ['lamp']], ["toupper(description) eq 'PUMP'", ['pump']], ["tolower(properties/colour) eq 'blue'", ['pump']], ["toupper('a') eq 'A'", () => true]])
on('trim', things, [["trim(description) eq 'padded'", ['gate']], ["trim(description) eq 'pump'", ['pump']], ["trim('  ') eq ''", () => true]])
on('concat', things, [["concat(description,'!') eq 'pump!'", ['pump']], ["concat(concat(description,', '),properties/colour) eq 'pump, Blue'", ['pump']], ["concat('a','b') eq 'ab'", () => true]])
on('functions within functions', things, [["length(trim(description)) eq 6", ['gate', 'text']], ["toupper(substring(description,0,1)) eq 'P'", ['pump']], ["indexof(tolower(description),'lamp') add 1 eq 8", ['lamp']], [`endswith(concat(name,'!'),'lamp!') and startswith(name,'${mark}')`, ['lamp']]])
on('of what has no value there is none', things, [["startswith(properties/nothing,'a')", []], ["not startswith(properties/nothing,'a')", []], ['length(properties/nothing) ge 0', []], ["concat(properties/nothing,'a') eq 'a'", []]])

// OData: a half is rounded away from zero.
const rounded = (n) => Math.sign(n) * Math.round(Math.abs(n))
on('round, floor, ceiling, also of what is negative', numbers, [
  ...[-6, -5, 0, 1, 2, 3].flatMap((n) => [[`round(result) eq ${n}`, (row) => rounded(row.result) + 0 === n], [`floor(result) eq ${n}`, (row) => Math.floor(row.result) === n], [`ceiling(result) eq ${n}`, (row) => Math.ceil(row.result) + 0 === n]]),
  ['round(result div 3) eq 1', (row) => rounded(row.result / 3) === 1], ['floor(result) lt result', (row) => Math.floor(row.result) < row.result],
])

const utc = (row) => new Date(row.resultTime)
const known = (holds) => (row) => Boolean(row.resultTime) && holds(utc(row))
on('year, month, day of a time', numbers, [
  [`year(resultTime) eq ${day.getUTCFullYear()}`, known(() => true)], [`month(resultTime) eq ${day.getUTCMonth() + 1}`, known(() => true)], [`day(resultTime) eq ${day.getUTCDate()}`, known(() => true)], [`year(resultTime) lt ${day.getUTCFullYear()}`, []], ['month(resultTime) gt 12', []],
])
on('hour, minute, second, fractionalseconds of a time', numbers, [
  ['hour(resultTime) eq 5', known((t) => t.getUTCHours() === 5)], ['hour(phenomenonTime) ge 8', (row) => new Date(row.phenomenonTime).getUTCHours() >= 8], ['minute(resultTime) eq 15', known(() => true)], ['minute(phenomenonTime) eq 0', () => true], ['second(resultTime) eq 0', known(() => true)],
  ['fractionalseconds(resultTime) eq 0', known(() => true)], ['fractionalseconds(resultTime) gt 0', []],
])
on('date and time of a time', numbers, [
  [`date(resultTime) eq ${hour(0).slice(0, 10)}`, known(() => true)], [`date(resultTime) lt ${hour(0).slice(0, 10)}`, []], ['date(resultTime) eq date(phenomenonTime)', known(() => true)], ['time(resultTime) lt 05:00:00', known((t) => t.getUTCHours() < 5)], ['time(resultTime) ge 05:15:00', known((t) => t.getUTCHours() >= 5)],
])
on('totaloffsetminutes of what is told in UTC is 0', numbers, [['totaloffsetminutes(resultTime) eq 0', known(() => true)]])
on('now, mindatetime, maxdatetime', numbers, [['resultTime lt now()', known(() => true)], ['resultTime ge now()', []], ['resultTime gt mindatetime()', known(() => true)], ['resultTime lt maxdatetime()', known(() => true)], ['resultTime eq mindatetime()', []], ['resultTime eq maxdatetime()', []]])
on('a time literal with any offset', numbers, [[`resultTime eq ${hour(1.25)}`, (row) => row.resultTime === hour(1.25)], [`phenomenonTime eq ${hour(11).replace('.000Z', '+08:00')}`, (row) => row.phenomenonTime === hour(3)], [`phenomenonTime gt ${hour(3).replace('.000Z', '-01:00')}`, (row) => row.phenomenonTime > hour(4)],
  [`phenomenonTime eq ${hour(3).replace('.000Z', 'Z')}`, (row) => row.phenomenonTime === hour(3)]])
on('durations are added to and taken from times', numbers, [
  [`phenomenonTime add duration'PT1H' gt ${hour(5)}`, (row) => row.phenomenonTime > hour(4)], [`phenomenonTime sub duration'P1D' lt ${hour(-20)}`, (row) => row.phenomenonTime < hour(4)], ["resultTime ge now() sub duration'P400D'", known(() => true)], ["resultTime ge now() sub duration'P1D'", []],
  [`phenomenonTime lt ${hour(1)} add duration'PT2H30M'`, (row) => row.phenomenonTime < hour(3.5)], ["phenomenonTime add duration'PT15M' eq resultTime", known(() => true)],
])
on('the difference of two times is a duration', numbers, [["resultTime sub phenomenonTime eq duration'PT15M'", known(() => true)], ["resultTime sub phenomenonTime gt duration'PT1H'", []]])
functions('of broken times and durations nothing is found', async () => {
  const { path, rows } = await numbers()
  await findsNothing(path, rows, ['phenomenonTime gt 2026-13-01T00:00:00Z', 'phenomenonTime gt 2026-01-01T25:00:00Z', "phenomenonTime add duration'1H' gt 2000-01-01T00:00:00Z", "phenomenonTime add duration'' gt 2000-01-01T00:00:00Z", 'phenomenonTime gt 2026-01-01T00:00:00Z/2025-01-01T00:00:00Z', 'phenomenonTime gt 2026-02-30T00:00:00Z'])
})

// Two intervals, an interval and an instant, two instants: in all ways to lie to each other.
const others = [hour(7), hour(7.5), hour(8), span(7, 8), span(7, 7.5), span(7.5, 8), span(6, 9)]
for (const [name, holds] of Object.entries(relations)) {
  functions(`${name} of instants and intervals`, async () => {
    const { path, rows } = await spans()
    const mates = name === 'during' ? others.filter((time) => time.includes('/')) : others
    for (const time of mates) {
      await finds(path, rows, [[`${name}(phenomenonTime,${time})`, (row) => holds(row.phenomenonTime, time)]])
      const second = name === 'during' ? rows.filter((row) => row.phenomenonTime.includes('/')) : rows
      sameMembers((await list(path, { $filter: `${name}(${time},phenomenonTime)`, $top: 1000 })).map((one) => rows.find((row) => row.id === one['@iot.id'])).filter((row) => second.includes(row)).map((row) => row.label),
        second.filter((row) => holds(time, row.phenomenonTime)).map((row) => row.label), `$filter=${name}(${time},phenomenonTime)`)
    }
  })
  on(`${name} of a validTime that only some have`, spans, [[`${name}(validTime,${span(7, 8)})`, (row) => Boolean(row.validTime) && holds(row.validTime, span(7, 8))]])
}
on('eq, lt, le, gt, ge of intervals', spans, [
  [`phenomenonTime eq ${span(7, 8)}`, (row) => row.phenomenonTime === span(7, 8)],
  [`validTime lt ${span(7, 8)}`, (row) => Boolean(row.validTime) && relations.before(row.validTime, span(7, 8))], [`validTime gt ${span(7, 8)}`, (row) => Boolean(row.validTime) && relations.after(row.validTime, span(7, 8))],
  [`validTime le ${span(7, 8)}`, (row) => Boolean(row.validTime) && edges(row.validTime, (a, b) => a <= b)], [`validTime ge ${span(7, 8)}`, (row) => Boolean(row.validTime) && edges(row.validTime, (a, b) => a >= b)],
  [`validTime lt ${hour(6.75)}`, (row) => Boolean(row.validTime) && row.validTime.split('/')[1] <= hour(6.75)], [`validTime gt ${hour(7.6)}`, (row) => Boolean(row.validTime) && row.validTime.split('/')[0] >= hour(7.6)],
])
function edges(time, holds) {
  const [from, to] = time.split('/')
  return holds(from, hour(7)) && holds(to, hour(8))
}
on('intervals and conditions together', spans, [[`overlaps(phenomenonTime,${span(7, 8)}) and result gt 5`, (row) => relations.overlaps(row.phenomenonTime, span(7, 8)) && row.result > 5], [`not overlaps(phenomenonTime,${span(7, 8)})`, (row) => !relations.overlaps(row.phenomenonTime, span(7, 8))]])
functions('the time of a Datastream is an interval too', async () => {
  const { datastream } = await spans()
  const whole = [[`overlaps(phenomenonTime,${span(0, 6.5)})`, 1], [`overlaps(phenomenonTime,${span(0, 5)})`, 0], [`during(phenomenonTime,${span(0, 24)})`, 1], [`phenomenonTime gt ${span(0, 5)}`, 1], [`before(phenomenonTime,${hour(11)})`, 1], [`after(phenomenonTime,${hour(11)})`, 0]]
  for (const [text, count] of whole) assert.equal((await list('Datastreams', { $filter: `id eq ${datastream} and ${text}` })).length, count, text)
})
