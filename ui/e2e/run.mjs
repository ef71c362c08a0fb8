// Drives every page in Debian's Chromium: node e2e/run.mjs [part of a name…]. ZHILI_URL says where the city is.
import { readdirSync } from 'node:fs'
import { openBrowser } from './browser.mjs'
import { tests } from './testing.mjs'

const here = new URL('./tests/', import.meta.url)
for (const file of readdirSync(here).sort()) await import(new URL(file, here).href)

// Each test has a context of its own, so that two may run side by side.
const AT_ONCE = 2

const only = process.argv.slice(2)
const waiting = tests.filter(([name]) => !only.length || only.some((part) => name.includes(part)))
const browser = await openBrowser()
let passed = 0
const failed = []

async function drive() {
  for (let next; (next = waiting.shift()); ) {
    const [name, test] = next
    const began = Date.now()
    try {
      await test(browser)
      passed += 1
      console.log(`ok    ${name}  ${Date.now() - began} ms`)
    } catch (error) {
      failed.push(name)
      console.log(`FAIL  ${name}\n      ${String(error?.message ?? error).split('\n').slice(0, 14).join('\n      ')}`)
    }
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, drive))
await browser.close()
console.log(`${passed} passed, ${failed.length} failed`)
process.exit(failed.length || !passed ? 1 : 0)
