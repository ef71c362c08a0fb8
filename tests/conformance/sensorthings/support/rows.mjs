// The rows that tests of reading ask for: Things with all sorts of properties, Observations with all sorts of values. Made once; each row has its label, its id and what it was given.
import { at } from './client.mjs'
import { hour, span } from './times.mjs'
import { KIND, location, make, makeObservation, makeStream, mark, thing, NO_UNIT } from './world.mjs'

const memo = new Map()
const once = (what, how) => () => memo.get(what) ?? memo.set(what, how()).get(what)

/** Things at one place, so that `path` holds these and no others. */
export const things = once('things', async () => {
  const place = await make('Locations', location())
  const given = {
    lamp: { description: 'Street Lamp', properties: { n: 1, colour: 'red', on: true, pole: { height: 4.5, base: { kind: 'steel' } }, list: [1, 2] } },
    pump: { description: 'pump', properties: { n: 2, colour: 'Blue', on: false, pole: { height: 10 } } },
    gate: { description: ' padded ', properties: { n: 2.5, colour: '红色' } },
    bench: { description: "it's 100% _wet_", properties: { n: -3, colour: '' } },
    tree: { description: '国槐 · Sophora 树', properties: { n: 12, colour: null } },
    bare: { description: 'a/b;c,d(e)&f=g+h', properties: undefined },
    text: { description: 'Street', properties: { n: '2', colour: 'red or blue' } },
  }
  const rows = []
  for (const [label, more] of Object.entries(given)) {
    const name = `${mark} ${label}`
    rows.push({ label, name, ...more, properties: more.properties ?? {}, id: await make(at('Locations', place, 'Things'), thing({ name, ...more })) })
  }
  return { path: at('Locations', place, 'Things'), rows, place }
})

/** Observations of one Datastream with numbers; some without resultTime, some with validTime and parameters. */
export const numbers = once('numbers', async () => {
  const datastream = await makeStream()
  const values = [-5.5, -1, 0, 0.5, 1, 2.5, 3, 10, 20, 100]
  const rows = []
  for (const [i, result] of values.entries()) {
    const given = { result, phenomenonTime: hour(i + 1), resultTime: i % 3 === 2 ? undefined : hour(i + 1.25), validTime: i % 4 === 1 ? span(i + 1, i + 4) : undefined, parameters: i % 2 ? { rain: i, by: 'radar' } : undefined }
    rows.push({ label: String(result), ...given, parameters: given.parameters ?? {}, id: await makeObservation(datastream, given) })
  }
  return { path: at('Datastreams', datastream, 'Observations'), rows, datastream }
})

/** Observations of any kind of value, in one Datastream. */
export const mixed = once('mixed', async () => {
  const datastream = await makeStream({ observationType: KIND.any, unitOfMeasurement: NO_UNIT })
  const rows = []
  for (const [i, [label, result]] of [['five', 5], ['half', 0.5], ['word', 'wet'], ['text five', '5'], ['yes', true], ['no', false], ['object', { wind: 5 }], ['list', [5, 6]]].entries()) {
    rows.push({ label, result, id: await makeObservation(datastream, { result, phenomenonTime: hour(i + 1) }) })
  }
  return { path: at('Datastreams', datastream, 'Observations'), rows, datastream }
})

/** Observations whose phenomenonTime is an instant or an interval: all ways in which two can lie to each other. */
export const spans = once('spans', async () => {
  const datastream = await makeStream()
  const given = [hour(6), hour(7), hour(7.5), hour(8), hour(9), span(5, 6), span(6, 7), span(6, 7.5), span(7, 7.5), span(7, 8), span(7.25, 7.75), span(7.5, 8), span(7.5, 9), span(6, 9), span(8, 9), span(9, 10), span(6, 8), span(7, 9)]
  const rows = []
  for (const [i, time] of given.entries()) {
    const interval = time.includes('/')
    rows.push({ label: `${i} ${time.replaceAll(/\d{4}-\d\d-\d\dT|:00\.000Z/g, '')}`, phenomenonTime: time, validTime: interval ? time : undefined, result: i,
      id: await makeObservation(datastream, { result: i, phenomenonTime: time, validTime: interval ? time : undefined, resultTime: interval ? undefined : time }) })
  }
  return { path: at('Datastreams', datastream, 'Observations'), rows, datastream }
})
