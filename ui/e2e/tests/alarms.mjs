// From a reading to an alarm to a case, as whoever watches at night sees it; rules, and what one would have found.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { DESK, PHONE, settled, URL_BASE } from '../browser.mjs'
import { ask } from '../data.mjs'
import { findings, fits, says, test } from '../testing.mjs'
import { signedIn } from './staff.mjs'

/** Somebody at the interface: what they send carries their session. */
async function somebody(login) {
  const { demo } = await ask('/api/v1/city')
  const answer = await fetch(`${URL_BASE}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: demo.password }) })
  const { csrf } = await answer.json()
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, Cookie: answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') }
  return async (path, body) => {
    const said = await fetch(URL_BASE + path, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await said.text()
    if (!said.ok) throw new Error(`${path}: ${said.status} ${text}`)
    return text ? JSON.parse(text) : null
  }
}

/** A smoke detector that somebody has just put up; gives what sends its readings. */
async function smokeDetector(name) {
  const post = await somebody('device-keeper')
  const [lon, lat] = (await ask('/api/v1/city')).centre
  const device = await post('/api/v1/devices', { type: 'smoke-detector', serial: `S-${Date.now()}`, name, lat, lon, place: name })
  const { secret } = await post(`/api/v1/devices/${device.id}/credentials`, { kind: 'token' })
  return async (smoke) => {
    const sent = await fetch(`${URL_BASE}/ingest/v1/lines`, { method: 'POST', headers: { Authorization: `Bearer ${secret}` }, body: JSON.stringify({ s: 'smoke', v: smoke }) })
    equal(sent.status, 201, await sent.text())
  }
}

test('smoke becomes an alarm, is acknowledged by keyboard, has its case, and is over', async (browser) => {
  const name = `烟感 ${Date.now() % 1e6}`
  const send = await smokeDetector(name)
  const { page, context, faults } = await signedIn(browser, 'dispatcher-lead')
  await page.goto(`${URL_BASE}/alarms`)
  await settled(page, { map: false })
  await send(false)
  await send(true)
  const row = page.locator('.alarms li', { hasText: name })
  await row.waitFor()
  while (!(await row.locator('.chosen').count())) await page.keyboard.press('j')
  await page.keyboard.press('a')
  await row.locator('.tag.acknowledged').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/alarms/*')
  await page.waitForSelector('.facts a[href^="/cases/"]')
  await says(page, '.story', /确认/)
  await page.click('.verbs button >> text=备注')
  await page.click('.step button[type=submit]')
  await says(page, '.step .fault', /请先填写/)
  await page.fill('.step textarea', '已电话核实，正在灭火')
  await page.click('.step button[type=submit]')
  await page.waitForSelector('.story blockquote >> text=已电话核实')
  await send(false)
  await page.waitForSelector('.state .tag.cleared', { timeout: 90_000 })
  deepEqual(faults, [])
  await context.close()
})

test('keys of the list are shown and hidden, and lead to both ends only', async (browser) => {
  const { page, context } = await signedIn(browser, 'dispatcher-lead')
  await page.goto(`${URL_BASE}/alarms?state=all`)
  await settled(page, { map: false })
  await page.keyboard.press('?')
  await page.waitForSelector('#alarm-keys')
  await page.keyboard.press('?')
  await page.waitForSelector('#alarm-keys', { state: 'detached' })
  await context.close()
})

test('a rule is disarmed with a reason, armed again, and tried over history', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'dispatcher-lead')
  await page.goto(`${URL_BASE}/rules`)
  await page.fill('.search input', 'ponding-deep')
  await page.click('.list a')
  await page.waitForURL('**/rules/ponding-deep')
  await says(page, '.clauses', /value > 15 cm for 3 min/)
  for (const [verb, then] of [['停用', '已停用'], ['启用', '已启用']]) {
    await page.click(`.does button >> text=${verb}`)
    await page.fill('.why input', '演练')
    await page.click('.why button[type=submit]')
    await page.waitForSelector(`.state .tag >> text=${then}`)
  }
  await page.click('.replay button[type=submit]')
  await says(page, '.replay', /会告警|一次也不会告警/)
  deepEqual(faults, [])
  await context.close()
})

for (const [name, path, login] of [['alarms', '/alarms?state=all', 'dispatcher-lead'], ['rules', '/rules', 'dispatcher'], ['rule', '/rules/ponding-deep', 'dispatcher-lead']])
  for (const [device, size] of [['phone', PHONE], ['desk', DESK]])
    test(`sensing screen ${name} at ${device}`, async (browser) => {
      const { page, context, faults } = await signedIn(browser, login, { size })
      await page.goto(URL_BASE + path)
      for (const [form, scheme] of [['zh light', 'light'], ['en dark', 'dark']]) {
        await page.emulateMedia({ colorScheme: scheme })
        if (form.startsWith('en')) await page.click('.lang')
        await settled(page, { map: false })
        deepEqual([form, await findings(page)], [form, []])
        ok(await fits(page), `${form}: wider than the screen`)
      }
      deepEqual(faults, [])
      await context.close()
    })
