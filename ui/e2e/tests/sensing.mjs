// A device is claimed in the rain, devices are worked on without waking anybody, duty boards, and the bad days of these pages.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { DESK, PHONE, settled, URL_BASE } from '../browser.mjs'
import { anyCase } from '../data.mjs'
import { withAlarms } from '../alarms.mjs'
import { withDevices } from '../devices.mjs'
import { withRules } from '../rules.mjs'
import { findings, fits, says, test, words } from '../testing.mjs'
import { signedIn } from './staff.mjs'

/** Everything about sensing is answered by the made-up city. */
async function open(browser, path, { login = 'administrator', options, ...made } = {}) {
  const one = await signedIn(browser, login, options)
  const devices = await withDevices(one.page, made)
  await withRules(one.page, made)
  const alarms = await withAlarms(one.page, made)
  await one.page.goto(URL_BASE + path)
  await settled(one.page, { map: false })
  return { ...one, devices, alarms }
}
const DUTY = { login: 'dispatcher-lead' }

test('a device is claimed by the code of its box: what is wrong is said at its field, and what was typed outlives a reload', async (browser) => {
  const { page, context, devices, faults } = await open(browser, '/devices/claim', { options: { size: PHONE } })
  await page.fill('#claim-code', 'k7qf 2m9x rt')
  equal(await page.inputValue('#claim-code'), 'K7QF-2M9X-RT')
  await page.click('button[type=submit]')
  await says(page, '.claim .fault', /2/)
  await page.reload()
  await page.waitForSelector('#claim-code')
  equal(await page.inputValue('#claim-code'), 'K7QF-2M9X-RT')
  await page.fill('#claim-code', 'K7QF2M9XRT4D')
  await page.click('summary')
  await page.click('.claim details .el-select')
  await page.click('.el-select-dropdown__item >> nth=1')
  await page.click('button[type=submit]')
  await says(page, '.claim .fault', /没有这个认领码/)
  equal(await page.evaluate(() => document.activeElement.id), 'claim-code')
  await page.fill('#claim-code', 'K7QF2M9XRT4C')
  await page.fill('#claim-name', '南门下穿')
  await page.click('button[type=submit]')
  await says(page, '.made', /南门下穿/)
  equal(devices.sent.at(-1).body.code, 'K7QF2M9XRT4C')
  ok(devices.sent.at(-1).body.area)
  await page.click('.made button')
  await page.waitForSelector('#claim-code')
  equal(await page.inputValue('#claim-code'), '', 'the next box has a code of its own')
  deepEqual(faults, [])
  await context.close()
})

test('a claim without network keeps what was typed', async (browser) => {
  const { page, context } = await open(browser, '/devices/claim', { options: { size: PHONE } })
  await page.fill('#claim-code', 'K7QF2M9XRT4C')
  await page.click('summary')
  await page.click('.claim details .el-select')
  await page.click('.el-select-dropdown__item >> nth=1')
  await page.route('**/api/v1/devices/claim', (route) => route.abort('internetdisconnected'))
  await page.click('button[type=submit]')
  await page.waitForSelector('.claim .state[role=alert]')
  equal(await page.inputValue('#claim-code'), 'K7QF-2M9X-RT4C')
  await page.unroute('**/api/v1/devices/claim')
  await page.click('.claim .state button')
  await page.waitForSelector('.made')
  await context.close()
})

test('a maintenance window needs what, how long and why; it can be ended early, and the past is a page behind', async (browser) => {
  const { page, context, alarms, faults } = await open(browser, '/maintenance', DUTY)
  await says(page, 'main', /厂家校准水位计[\s\S]*更换探头/)
  ok(!/基站搬迁/.test(await words(page, 'main')))
  await page.click('.head button')
  await page.click('.form button[type=submit]')
  equal(await page.locator('.form .fault').count(), 2)
  await page.fill('#window-reason', '换电池')
  await page.click('.form fieldset .el-select >> nth=0')
  await page.click('.el-select-dropdown__item >> text=电子水尺')
  await page.click('.form button[type=submit]')
  await page.waitForSelector('main >> text=换电池')
  const { body } = alarms.sent.at(-1)
  deepEqual([body.type, body.reason], ['water-gauge', '换电池'])
  ok(Date.parse(body.ends) > Date.parse(alarms.now))
  deepEqual(faults, [])
  await context.close()
})

test('a place gets a value of its own by choosing its device', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'dispatcher-lead')
  await withDevices(page)
  const rules = await withRules(page)
  await page.goto(`${URL_BASE}/rules/ponding-deep`)
  await settled(page, { map: false })
  await page.click('.set .el-select')
  await page.keyboard.type('WG-0003')
  await page.click('.el-select-dropdown__item >> text=3 号下穿通道')
  await page.fill('.set .el-input input', '12')
  await page.click('.set button')
  await page.waitForSelector('.parameter li >> text=12')
  deepEqual(rules.sent.at(-1).body, { subject: 'thing:3', parameter: 'limit', value: 12 })
  await says(page, '.facts', /〔地点〕水深 〔读数〕 厘米/)
  deepEqual(faults, [])
  await context.close()
})

test('a duty board is that of the post, and another is one press away', async (browser) => {
  const { page, context, faults } = await open(browser, '/dashboards', DUTY)
  await says(page, 'h1', '防汛值班')
  equal(await page.locator('.panel').count(), 5)
  await says(page, '.panels', /cm/)
  await page.click('.which a >> text=停车值班')
  await page.waitForURL('**/dashboards/parking-duty')
  await says(page, 'h1', '停车值班')
  await page.goto(`${URL_BASE}/dashboards/none`)
  await page.waitForSelector('.state')
  deepEqual(faults, [])
  await context.close()
})

test('a board asks for the alarms of its own rules, so that others in a storm do not hide them', async (browser) => {
  const { page, context, alarms, faults } = await open(browser, '/dashboards', { ...DUTY, many: 300 })
  const panel = page.locator('.panel', { hasText: '内涝告警' })
  await panel.locator('.list li').nth(7).waitFor()
  ok(!/燃气/.test(await panel.innerText()))
  const lists = alarms.asked.filter((one) => one.startsWith('/alarms?'))
  ok(lists.length && lists.every((one) => one.includes('order=urgency') && new URLSearchParams(one.split('?')[1]).get('rule') === 'ponding-deep,ponding-shallow,rain-heavy'), lists.join('\n'))
  await panel.locator('.to a').click()
  await page.waitForURL('**/alarms?rule=*')
  await page.locator('.alarms li').first().waitFor()
  ok(!/燃气/.test(await words(page, '.alarms')))
  deepEqual(faults, [])
  await context.close()
})

test('in a storm the old critical alarm that nobody took note of is first, and pages join', async (browser) => {
  const { page, context, alarms, faults } = await open(browser, '/maintenance', { ...DUTY, many: 201 })
  for (const one of alarms.list) Object.assign(one, { severity: 'minor', state: 'raised', cleared_at: null })
  const oldest = alarms.list.at(-1)
  oldest.severity = 'critical'
  await page.goto(`${URL_BASE}/alarms`)
  await page.locator('.alarms li').first().waitFor()
  equal(await page.locator('.alarms li').first().getAttribute('data-no'), oldest.id)
  await page.click('.more')
  await page.waitForFunction(() => document.querySelectorAll('.alarms li').length === 200)
  await page.click('.more')
  await page.waitForFunction(() => document.querySelectorAll('.alarms li').length === 201)
  deepEqual(faults, [])
  await context.close()
})

test('taken note of by keyboard, an alarm goes down the list and keeps the focus; the next key goes to what was below it', async (browser) => {
  const { page, context, alarms, faults } = await open(browser, '/alarms', DUTY)
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-no]')?.dataset.no)
  await page.locator('.alarms li').nth(2).waitFor()
  const rows = await page.locator('.alarms li').evaluateAll((list) => list.map((one) => one.dataset.no))
  await page.keyboard.press('j')
  await page.waitForFunction((no) => document.activeElement?.closest('[data-no]')?.dataset.no === no, rows[0])
  await page.keyboard.press('a')
  await page.waitForFunction((no) => document.querySelector('.alarms li').dataset.no !== no, rows[0])
  equal(await focused(), rows[0])
  await page.keyboard.press('j')
  await page.waitForFunction((no) => document.activeElement?.closest('[data-no]')?.dataset.no === no, rows[1])
  await page.keyboard.press('a')
  await page.waitForFunction((no) => document.querySelector('.alarms li').dataset.no === no, rows[2])
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/alarms/${rows[1]}`)
  deepEqual(alarms.sent.map((one) => one.path), [rows[0], rows[1]].map((no) => `/alarms/${no}/commands`))
  deepEqual(faults, [])
  await context.close()
})

test('a case leads to its alarms, and says nothing where there are none or they are not for this person', async (browser) => {
  const { no } = await anyCase()
  const { page, context, alarms, faults } = await open(browser, '/maintenance', DUTY)
  alarms.list[1].case_no = no
  await page.goto(`${URL_BASE}/cases/${no}`)
  await says(page, '.case-alarms', /严重[\s\S]*水深 24 厘米/)
  deepEqual(await findings(page), [])
  await page.click('.case-alarms a')
  await page.waitForURL('**/alarms/2')
  alarms.list[1].case_no = null
  await page.goto(`${URL_BASE}/cases/${no}`)
  await page.waitForSelector('.steps')
  await settled(page)
  equal(await page.locator('.case-alarms').count(), 0)
  deepEqual(faults, [])
  await context.close()
})

for (const [name, path, selector] of [['alarms', '/alarms', '.middle .state'], ['rules', '/rules', 'main .state'], ['maintenance windows', '/maintenance', 'main .state'], ['duty boards', '/dashboards', 'main .state']]) {
  test(`where there are no ${name}, the page says what that means`, async (browser) => {
    const { page, context } = await open(browser, path, { ...DUTY, empty: true })
    await page.waitForSelector(selector)
    ok((await words(page, selector)).length > 12)
    deepEqual(await findings(page), [])
    await context.close()
  })
  test(`without network the page of ${name} says so`, async (browser) => {
    const { page, context } = await open(browser, path, { ...DUTY, offline: true })
    await page.waitForSelector(`${selector}[role=alert]`)
    match(await words(page, `${selector}[role=alert]`), /没有网络/)
    await context.close()
  })
}

for (const [name, path] of [['claim', '/devices/claim'], ['maintenance', '/maintenance?past=1'], ['duty board', '/dashboards'], ['alarm', '/alarms/2'], ['alarms, all', '/alarms?state=all'], ['rule', '/rules/gas-high']])
  for (const [device, size] of [['phone', PHONE], ['desk', DESK]])
    test(`made-up screen ${name} at ${device}`, async (browser) => {
      const { page, context, faults } = await open(browser, path, { ...(path.startsWith('/devices') ? {} : DUTY), options: { size } })
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
