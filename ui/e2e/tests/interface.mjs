// The description of the interface, as a page.
import { equal, match, ok } from 'node:assert/strict'
import { DESK, openPage, PHONE, settled, URL_BASE } from '../browser.mjs'
import { findings, says, test } from '../testing.mjs'

for (const [device, size] of [['desk', DESK], ['phone', PHONE]]) for (const lang of ['zh', 'en']) {
  test(`the interface is described in plain form: ${device}, ${lang}`, async (browser) => {
    const { page, context } = await openPage(browser, { size, lang, theme: 'light' })
    await page.goto(`${URL_BASE}/interface`)
    await settled(page)
    await page.fill('.search input', 'cases')
    ok(await page.locator('details').count() > 3)
    const one = page.locator('details', { has: page.locator('summary code', { hasText: /^\/api\/v1\/cases$/ }) })
    await one.locator('summary').click()
    match(await one.innerText(), lang === 'zh' ? /所有人[\s\S]*要给什么[\s\S]*在办、已结或全部/ : /everybody[\s\S]*What it takes[\s\S]*Open, closed or all/)
    equal((await findings(page)).length, 0)
    await page.fill('.search input', 'zzz')
    await says(page, '.state', /zzz/)
    await context.close()
  })
}
