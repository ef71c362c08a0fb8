// What a test is: a name that begins with the requirement that it looks at, and a function that throws when the service does not keep it.
import assert from 'node:assert/strict'

export const tests = []

/** Something that cannot be tried here; the message says what it would need. */
export class Skipped extends Error {}

/** A way to add tests of one requirement: `const test = of('create-update-delete/deep-insert')`. */
export const of = (requirement) => (name, run) => tests.push([`${requirement}: ${name}`, run])

/** The same members in any order; what differs is named. */
export function sameMembers(found, wanted, what) {
  const missing = wanted.filter((one) => !found.includes(one))
  const extra = found.filter((one) => !wanted.includes(one))
  const doubled = found.filter((one, i) => found.indexOf(one) !== i)
  if (missing.length || extra.length || doubled.length) {
    assert.fail(`${what}\nfound ${JSON.stringify(found)}${missing.length ? `\nmissing ${JSON.stringify(missing)}` : ''}`
      + `${extra.length ? `\nnot wanted ${JSON.stringify(extra)}` : ''}${doubled.length ? `\nmore than once ${JSON.stringify(doubled)}` : ''}`)
  }
}

/** Waits until `look()` gives something: for what the service does in its own time. */
export async function eventually(look, what, patienceMs = 15000) {
  const until = Date.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > until) assert.fail(`never came: ${what}`)
    await new Promise((done) => setTimeout(done, 25))
  }
}
