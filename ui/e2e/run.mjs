// Drives every page in Debian's Chromium: node e2e/run.mjs [part of a name…]. ZHILI_URL says where the city is.
import { openBrowser } from './browser.mjs'
import { tests } from './tests.mjs'

const only = process.argv.slice(2)
const browser = await openBrowser()
let passed = 0
const failed = []
for (const [name, test] of tests) {
  if (only.length && !only.some((part) => name.includes(part))) continue
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
await browser.close()
console.log(`${passed} passed, ${failed.length} failed`)
process.exit(failed.length ? 1 : 0)
