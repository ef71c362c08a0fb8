// Tests of $filter compare what the service finds with what a plain function finds in the same rows.
import assert from 'node:assert/strict'
import { get, list, refused } from './client.mjs'
import { sameMembers } from './testing.mjs'

/** The labels of the rows that the service finds. `rows` have a label and an id; what is none of them is not ours. */
export async function found(path, filter, rows) {
  const ids = new Map(rows.map((row) => [row.id, row.label]))
  return (await list(path, { $filter: filter, $top: 1000 })).map((one) => ids.get(one['@iot.id'])).filter((label) => label !== undefined)
}

/** Each case: a filter, and whether a row is wanted (a function, or a list of labels). A filter that wants all or none of the rows is marked as such on purpose. */
export async function finds(path, rows, cases) {
  for (const [filter, wanted] of cases) {
    const labels = Array.isArray(wanted) ? wanted : rows.filter(wanted).map((row) => row.label)
    sameMembers(await found(path, filter, rows), labels, `$filter=${filter}`)
  }
}

/** Each is refused with 400, as an error of who asks. */
export async function refusesFilters(path, filters) {
  for (const filter of filters) await refused(get(path, { $filter: filter }), 400, 501)
}

/** Each is understood and finds nothing of ours, or is refused: never all rows, never an error of the service. */
export async function findsNothing(path, rows, filters) {
  for (const filter of filters) {
    const said = await get(path, { $filter: filter, $top: 1000 })
    assert.ok([200, 400, 501].includes(said.status), said.what)
    if (said.status === 200) assert.deepEqual(said.json.value.filter((one) => rows.some((row) => row.id === one['@iot.id'])), [], said.what)
  }
}
