// The suite, tested: what it takes for granted of times, and that none of its tests passes against services that keep nothing.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { idOf, literal } from './support/client.mjs'
import { relations, sameTime } from './support/times.mjs'
import { sameMembers } from './support/testing.mjs'

const t = (h) => `2026-01-01T0${h}:00:00Z`
const i = (a, b) => `${t(a)}/${t(b)}`
// Rows of the standard's table of interval functions, worked out by hand.
for (const [name, a, b, wanted] of [
  ['before', i(1, 2), i(2, 3), true], ['before', i(1, 3), i(2, 4), false], ['before', t(1), t(1), false], ['before', t(1), i(1, 2), false], ['before', i(1, 2), t(2), true], ['after', i(2, 3), i(1, 2), true], ['after', t(2), i(1, 2), true], ['after', t(1), t(1), false], ['after', i(1, 2), t(1), false],
  ['meets', i(1, 2), i(2, 3), true], ['meets', i(2, 3), i(1, 2), true], ['meets', i(1, 2), i(1, 2), false], ['meets', t(2), i(1, 2), true], ['meets', t(1), t(1), true], ['during', i(1, 2), i(1, 2), true], ['during', t(2), i(1, 2), false], ['during', t(1), i(1, 2), true], ['during', i(1, 3), i(1, 2), false],
  ['overlaps', i(1, 2), i(2, 3), false], ['overlaps', i(1, 3), i(2, 4), true], ['overlaps', t(2), i(1, 2), false], ['overlaps', i(1, 2), t(1), true], ['starts', i(1, 2), i(1, 3), true], ['starts', t(1), i(1, 3), true], ['finishes', i(2, 3), i(1, 3), true], ['finishes', t(3), i(1, 3), true], ['finishes', i(1, 2), i(1, 3), false],
]) assert.equal(relations[name](a, b), wanted, `${name}(${a},${b})`)
assert.ok(sameTime('2026-01-01T08:00:00+08:00', '2026-01-01T00:00:00.000Z') && !sameTime(t(1), i(1, 2)) && !sameTime(null, t(1)))
assert.deepEqual([idOf('http://a/v1.1/Things(12)'), idOf("Things('a''b')"), idOf('Things(%27x%27)'), literal(5), literal("a'b")], [12, "a'b", 'x', '5', "'a''b'"])
sameMembers([1, 2], [2, 1], 'x')
for (const [found, wanted] of [[[1], [1, 2]], [[1, 2], [1]], [[1, 1], [1]]]) assert.throws(() => sameMembers(found, wanted, 'x'))

/** Runs the suite against a service that always answers so; gives exit code and output. */
async function against(status, body) {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json', location: `http://127.0.0.1:${server.address().port}/v1.1/Things(1)` }).end(body)
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const child = spawn(process.execPath, [new URL('run.mjs', import.meta.url).pathname, '--url', `http://127.0.0.1:${server.address().port}/v1.1`], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (part) => { said += part })
  const code = await new Promise((done) => child.once('exit', done))
  server.close()
  server.closeAllConnections()
  return [code, said]
}
for (const [status, body] of [[404, '{}'], [400, '{}'], [200, '{}'], [201, '{}'], [200, '{"value":[]}'], [201, '{"@iot.id":1,"value":[{"@iot.id":1}]}'], [500, '']]) {
  const [code, said] = await against(status, body)
  const passed = said.split('\n').filter((line) => line.startsWith('ok'))
  assert.deepEqual(passed, [], `a service that answers ${status} ${body} to everything keeps nothing`)
  assert.match(said, /\n0 passed, \d\d\d failed\n$/)
  assert.equal(code, 1)
}
console.log('ok')
