// What everybody may take along, and what they are told of what is kept back.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { DESK, PHONE, settled } from '../browser.mjs'
import { at, findings, test } from '../testing.mjs'

const month = (name, reports) => ({ month: name, published_at: `${name}-11T02:00:00+08:00`, rows: 12, reports, cases: 40, digest: `sha-256:${'0'.repeat(64)}` })
for (const [device, size] of [['phone', PHONE], ['desk', DESK]]) {
  test(`open data with published months at ${device}`, async (browser) => {
    const { page, context, faults } = await at(browser, '/open-data', { size })
    await page.route('**/api/v1/open-data', async (route) => {
      const said = await (await route.fetch()).json()
      await route.fulfill({ json: { ...said, months: [month('2025-12', 51), month('2026-01', 7)] } })
    })
    await page.reload()
    await settled(page, { map: false })
    deepEqual(await page.locator('tbody th').allInnerTexts(), ['2026-01', '2025-12'], 'the latest first')
    const file = await page.locator('tbody tr').first().locator('a').first().getAttribute('href')
    ok(file.endsWith('/api/v1/open-data/figures.csv?month=2026-01'), file)
    equal(await page.locator('[role="img"]').count(), 1)
    deepEqual(await findings(page), [])
    equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'wider than the screen')
    deepEqual(faults, [])
    await context.close()
  })
}

test('every file that the page of open data names is there', async (browser) => {
  const { page, context } = await at(browser, '/open-data', { size: DESK })
  await settled(page, { map: false })
  for (const path of ['/api/v1/open-data/figures.csv', '/api/v1/open-data/figures.json', '/api/v1/feeds/cases.rss', '/api/v1/feeds/cases.json']) {
    const got = await page.request.get(new URL(path, page.url()).href)
    equal(got.status(), 200, path)
  }
  await context.close()
})
