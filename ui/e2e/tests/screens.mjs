// Every screen in every form: nothing overflows, no error in the console, nothing serious for axe.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { DESK, PHONE, settled } from '../browser.mjs'
import { anyCase, sentReport } from '../data.mjs'
import { at, findings, fits, test } from '../testing.mjs'

const screens = { city: () => '/', cases: () => '/cases', 'cases, none': () => '/cases?from=1990-01-01&to=1990-01-01', case: async () => `/cases/${(await anyCase()).no}`, 'case, missing': () => '/cases/none', report: () => '/report', 'report what': () => '/report/what', 'report item': () => '/report/item', 'report place': () => '/report/place', receipt: async () => `/r/${await sentReport()}`, catalogue: () => '/catalogue', 'open data': () => '/open-data', algorithms: () => '/algorithms', reports: () => '/reports', missing: () => '/nowhere' }
for (const [name, path] of Object.entries(screens)) for (const [device, size] of [['phone', PHONE], ['desk', DESK]]) {
  test(`screen ${name} at ${device}`, async (browser) => {
    const { page, context, faults } = await at(browser, await path(), { size })
    /** axe sees each theme, each language and large type once; that nothing overflows is seen in every form. */
    const look = async (form, { axe = false } = {}) => {
      await settled(page, { map: false })
      if (axe) deepEqual([form, await findings(page)], [form, []])
      ok(await fits(page), `${form}: wider than the screen`)
      ok(await page.locator('main h1, main .state').count(), `${form}: nothing in sight`)
      deepEqual(faults, [], form)
    }
    await look('zh light', { axe: true })
    await page.emulateMedia({ colorScheme: 'dark' })
    await look('zh dark')
    await page.click('.lang')
    equal(await page.evaluate(() => document.documentElement.lang), 'en')
    await look('en dark', { axe: true })
    await page.emulateMedia({ colorScheme: 'light' })
    await look('en light')
    await page.click('.gear')
    await page.check('.settings .large input')
    await page.keyboard.press('Escape')
    await look('en light large')
    await page.click('.lang')
    await look('zh light large', { axe: true })
    await settled(page)
    await context.close()
  })
}
