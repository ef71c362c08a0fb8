// The phone desk: a call from ring to number by keyboard alone, call-backs, the three rates, and who read my data.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { DESK, PHONE, settled, URL_BASE } from '../browser.mjs'
import { ask } from '../data.mjs'
import { findings, fits, says, test } from '../testing.mjs'
import { signedIn } from './staff.mjs'

const SAID = '解放路口有一大堆垃圾，味道很大'
const number = () => `139${String(Date.now() % 1e8).padStart(8, '0')}`

async function atDesk(browser, options) {
  const one = await signedIn(browser, 'call-taker', options)
  await one.page.goto(`${URL_BASE}/phone`)
  await one.page.waitForSelector('#caller')
  return one
}

async function answered(page, caller) {
  await page.waitForFunction(() => document.activeElement?.id === 'caller')
  await page.keyboard.type(caller)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.id === 'call-words')
}

test('a number is taken before it is known which calls were not ended', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'call-taker')
  let list
  await page.route('**/api/v1/phone/calls', (route) => (route.request().method() === 'GET' ? (list = route) : route.continue()))
  await page.goto(`${URL_BASE}/phone`)
  await answered(page, number())
  await list.continue()
  deepEqual(faults, [])
  await context.close()
})

test('a call is taken, filled and registered by keyboard alone', async (browser) => {
  const { page, context, faults } = await atDesk(browser)
  await answered(page, number())
  await says(page, '.talking', /139\*{4}\d{4}/)
  await page.keyboard.type(SAID)
  await says(page, '.choice', /垃圾/) // what was suggested for the first of these words is gone
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.waitForSelector('.choice.on')
  await says(page, '.choice.on', /垃圾/)
  while (await page.evaluate(() => document.activeElement?.id !== 'call-address')) await page.keyboard.press('Tab')
  await page.keyboard.type('路')
  await page.keyboard.type('1')
  await page.waitForSelector('input[name=call-place]')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForSelector('text=地图上已定位')
  await page.waitForSelector('.known section:nth-of-type(2) :is(li, p)')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.ended .number')
  await says(page, '.ended .number', /^LC-\d{4}-\d+$/)
  await page.waitForFunction(() => document.activeElement?.closest('.ended'))
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.id === 'caller')
  deepEqual(faults, [])
  await context.close()
})

test('a call waits after the browser was closed, and its words are still there', async (browser) => {
  const { page, context } = await atDesk(browser)
  const began = page.waitForResponse((one) => one.url().endsWith('/api/v1/phone/calls') && one.request().method() === 'POST')
  await answered(page, number())
  const { id } = await (await began).json()
  await page.keyboard.type(SAID)
  await page.waitForSelector('.kept >> text=已保存')
  const listed = page.waitForResponse((one) => one.url().endsWith('/api/v1/phone/calls') && one.request().method() === 'GET')
  await page.reload()
  const { calls } = await (await listed).json()
  // Whoever else sits at this desk's account meanwhile has calls of their own.
  await page.locator('.unfinished button').nth(calls.findIndex((one) => one.id === id)).click()
  await page.waitForSelector('#call-words')
  equal(await page.inputValue('#call-words'), SAID)
  await page.click('text=挂断')
  await page.click('text=结束来电')
  await page.waitForSelector('.call-form .fault')
  await page.fill('#call-reason', '没有声音')
  await page.click('text=结束来电')
  await page.waitForSelector('.ended')
  await context.close()
})

test('whoever calls again is known, and reads on the receipt who looked', async (browser) => {
  const caller = number()
  const { page, context } = await atDesk(browser)
  await answered(page, caller)
  await page.keyboard.type(SAID)
  await page.waitForSelector('.choice input[name=call-item]')
  await page.locator('.choice input[name=call-item]').first().check()
  await page.fill('#call-address', '解放路 3 号')
  const made = page.waitForResponse((answer) => answer.url().endsWith('/report') && answer.status() === 201)
  await page.click('.call-form button[type=submit]')
  const { link, no } = await (await made).json()
  await page.waitForSelector('.ended button')
  await page.click('.ended button')
  await answered(page, caller)
  await page.waitForSelector(`.known li >> text=${no}`)
  await page.click('text=挂断')
  await page.fill('#call-reason', '测试')
  await page.click('text=结束来电')
  await page.waitForSelector('.ended')
  await context.close()

  const acceptor = await signedIn(browser, 'acceptor')
  await acceptor.page.goto(`${URL_BASE}/inbox/${no}`)
  await acceptor.page.click('.private button')
  await acceptor.page.click('.private button[type=submit]')
  await acceptor.page.waitForSelector('.private .fault')
  await acceptor.page.click('.private input[value=check]')
  await acceptor.page.click('.private button[type=submit]')
  await acceptor.page.waitForSelector('.private dl')
  await says(acceptor.page, '.private dl', new RegExp(caller))
  await acceptor.page.goto(URL_BASE + link)
  await acceptor.page.waitForSelector('.readings li')
  await says(acceptor.page, '.readings', /接线岗[\s\S]*按号码查到[\s\S]*受理岗[\s\S]*核实所说的情况/)
  await acceptor.context.close()
})

test('a call-back asks what the rates need, and its answer counts', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'caller-back')
  await page.goto(`${URL_BASE}/call-backs`)
  await settled(page, { map: false })
  const lines = page.locator('.list .line')
  if (await lines.count()) {
    await lines.first().click()
    await page.click('.asking form button[type=submit]')
    await page.waitForSelector('.asking .fault')
    await page.check('input[name=contacted][value=yes]')
    await page.check('input[name=solved][value=yes]')
    await page.check('input[name=satisfied][value="5"]')
    await page.click('.asking form button[type=submit]')
    // The people of the demonstration may have been faster; then it is said.
    await page.waitForSelector('.said, .asking .fault')
  } else await says(page, '.state', /没有要回访的/)
  deepEqual(faults, [])
  await context.close()
})

test('the three rates say how they are counted, and a figure opens its answers', async (browser) => {
  const { page, context, faults } = await signedIn(browser, 'evaluator')
  await page.goto(`${URL_BASE}/rates`)
  await settled(page, { map: false })
  const { all } = await ask('/api/v1/phone/rates')
  ok(all['solution-rate'].denominator >= 0)
  await says(page, '.sums', /响应率[\s\S]*解决率[\s\S]*满意率/)
  await says(page, 'main', /分子：[\s\S]*依据：/)
  await page.click('.sums li:nth-child(2) button')
  await page.waitForSelector('.answers :is(li, p)')
  equal(await page.locator('.answers li').count(), Math.min(500, all['solution-rate'].denominator + all['solution-rate'].excluded))
  deepEqual(faults, [])
  await context.close()
})

for (const [name, path, login] of [['phone desk', '/phone', 'call-taker'], ['call-backs', '/call-backs', 'caller-back'], ['rates', '/rates', 'evaluator']])
  for (const [device, size] of [['phone', PHONE], ['desk', DESK]])
    test(`phone screen ${name} at ${device}`, async (browser) => {
      const { page, context, faults } = await signedIn(browser, login, { size })
      await page.goto(URL_BASE + path)
      if (path === '/phone') await answered(page, number())
      for (const [form, scheme] of [['zh light', 'light'], ['en dark', 'dark']]) {
        await page.emulateMedia({ colorScheme: scheme })
        if (form.startsWith('en')) await page.click('.lang')
        await settled(page, { map: path === '/phone' && size === DESK, tiles: false })
        deepEqual([form, await findings(page)], [form, []])
        ok(await fits(page), `${form}: wider than the screen`)
      }
      deepEqual(faults, [])
      await context.close()
    })
