// Asks a service whether it keeps OGC SensorThings API 1.1 (18-088):
//   node run.mjs --url http://127.0.0.1:8090/sensorthings/v1.1 [--key KEY] [--mqtt mqtt://127.0.0.1:1883] [--keep] [part of a name…]
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { service } from './support/client.mjs'
import { Skipped, tests } from './support/testing.mjs'
import { mark, sweep } from './support/world.mjs'

const { values, positionals: only } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' }, key: { type: 'string' }, mqtt: { type: 'string' }, keep: { type: 'boolean' } } })
if (!values.url) {
  console.error('usage: node run.mjs --url SERVICE_ROOT [--key KEY] [--mqtt URL] [--keep] [part of a name…]')
  process.exit(2)
}
Object.assign(service, { url: values.url.replace(/\/+$/, ''), key: values.key ?? '', mqtt: values.mqtt ?? '' })

const here = new URL('./classes/', import.meta.url)
for (const file of readdirSync(here).sort()) await import(new URL(file, here).href)

const chosen = tests.filter(([name]) => !only.length || only.some((part) => name.includes(part)))
let passed = 0
let skipped = 0
const failed = []
for (const [name, run] of chosen) {
  const began = Date.now()
  try {
    await run()
    passed += 1
    console.log(`ok    ${name}  ${Date.now() - began} ms`)
  } catch (error) {
    if (error instanceof Skipped) {
      skipped += 1
      console.log(`skip  ${name}\n      ${error.message}`)
      continue
    }
    failed.push(name)
    console.log(`FAIL  ${name}\n      ${String(error?.message ?? error).split('\n').slice(0, 14).join('\n      ')}`)
  }
}
if (!values.keep) await sweep().catch((error) => console.log(`what is named ${mark} is still there: ${error.message.split('\n')[0]}`))
const { close } = await import('./support/mqtt.mjs')
await close()
if (skipped) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed.length} failed`)
process.exit(failed.length || !passed ? 1 : 0)
