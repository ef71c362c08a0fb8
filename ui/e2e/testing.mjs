// What every test uses: a page at an address, the words in it, and what axe finds.
import { equal, match } from 'node:assert/strict'
import axe from 'axe-core'
import { openPage, settled, URL_BASE, WAIT_MS } from './browser.mjs'

export const tests = []
export const test = (name, run) => tests.push([name, run])

// The first rows of a long list stand for all of them: axe takes its time with each.
const MORE_OF_THE_SAME = ['.list > li:nth-child(n + 6)', '.now li:nth-child(n + 6)', '.groups section:nth-child(n + 4)', '.groups details:nth-of-type(n + 5)']

/** Serious and critical findings as lines that say what and where. */
export async function findings(page) {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate((exclude) => window.axe.run({ exclude }, { resultTypes: ['violations'], preload: false }), MORE_OF_THE_SAME)
  return violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`)
}

/** `base`: of another city than the one that all tests share. */
export async function at(browser, path, { base = URL_BASE, ...options } = {}) {
  const one = await openPage(browser, options)
  await one.page.goto(base + path)
  await settled(one.page)
  return one
}

/** Whether nothing runs out of the screen. A telephone widens its window to what is too wide: the screen is what counts. */
export const fits = async (page) => (await page.evaluate(() => document.documentElement.scrollWidth)) <= page.viewportSize().width

export const words = (page, selector) => page.locator(selector).first().innerText()

/** The words that are there become these (a pattern, or all of them): what a click leads to comes a moment after it. */
export async function says(page, selector, expected) {
  const fits = (text) => (typeof expected === 'string' ? text === expected : expected.test(text))
  const until = Date.now() + WAIT_MS
  for (;;) {
    const text = await words(page, selector)
    if (fits(text)) return
    if (Date.now() > until) return typeof expected === 'string' ? equal(text, expected) : match(text, expected)
    await page.waitForTimeout(50)
  }
}
