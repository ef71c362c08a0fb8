// People who sign in: each with the accounts that the demonstration has for every role.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { DESK, PHONE, settled, URL_BASE } from '../browser.mjs'
import { ask, sentReport } from '../data.mjs'
import { at, findings, fits, says, test } from '../testing.mjs'

export async function signedIn(browser, login, options = {}) {
  const one = await at(browser, '/sign-in', options)
  const { demo } = await ask('/api/v1/city')
  await one.page.fill('#login', login)
  await one.page.fill('#password', demo.password)
  await one.page.keyboard.press('Enter')
  await one.page.waitForURL('**/inbox')
  await settled(one.page)
  return one
}

test('a wrong password is said, and what was typed stays', async (browser) => {
  const { page, context } = await at(browser, '/inbox')
  match(page.url(), /\/sign-in\?next=/)
  await page.click('button[type=submit]')
  await says(page, '.fault', /请填写登录名和密码/)
  await page.fill('#login', 'dispatcher')
  await page.fill('#password', 'not this one')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.state[role=alert]')
  equal(await page.inputValue('#login'), 'dispatcher')
  await context.close()
})

test('one press signs in to the demonstration, and signing out ends it', async (browser) => {
  const { page, context } = await at(browser, '/sign-in')
  await page.click('.demo button >> text=派遣岗')
  await page.waitForURL('**/inbox')
  await says(page, 'nav', /待办[\s\S]*人员/)
  await page.click('.person button')
  await page.waitForURL(`${URL_BASE}/`)
  await page.goto(`${URL_BASE}/inbox`)
  await page.waitForURL('**/sign-in**')
  await context.close()
})

test('intake sees a report whole, and rejects it with a reason that its reporter reads', async (browser) => {
  const token = await sentReport()
  const { no } = await ask(`/api/v1/signals/${token}`)
  const { page, context, faults } = await signedIn(browser, 'acceptor')
  await page.goto(`${URL_BASE}/inbox/${no}`)
  await page.waitForSelector('.next-steps .buttons button')
  await says(page, 'main', /路口的灯不亮/)
  const state = async () => (await ask(`/api/v1/signals/${token}`)).state
  if ((await state()) === 'collected') {
    await page.click('.next-steps button >> text=不予立案')
    await page.click('.next-steps form button[type=submit]')
    await says(page, '.next-steps .fault', /还缺“说明”/)
    await page.fill('#ask-reason', '这里没有路灯')
    await page.click('.next-steps form button[type=submit]')
    // The people of the demonstration may have been faster; then it is said, and the page shows how it stands.
    await page.waitForFunction(() => !document.querySelector('.next-steps form') || document.querySelector('.next-steps .state'))
  }
  ok(['rejected', 'checking', 'registered', 'collected', 'merged'].includes(await state()))
  deepEqual(faults, [])
  await context.close()
})

test('a case offers the next steps to those who may take them, and nothing to others', async (browser) => {
  const { cases } = await ask('/api/v1/cases?state=open&limit=1')
  const { page, context } = await signedIn(browser, 'dispatcher-lead')
  await page.goto(`${URL_BASE}/cases/${cases[0].no}`)
  await page.waitForSelector('.next-steps')
  await says(page, '.next-steps', /强制结案|下一步/)
  await context.close()
  const stranger = await at(browser, `/cases/${cases[0].no}`)
  equal(await stranger.page.locator('.next-steps').count(), 0)
  await stranger.context.close()
})

test('an administrator makes an account and appoints it; the page says who may do what', async (browser) => {
  const { page, context } = await signedIn(browser, 'administrator')
  await page.goto(`${URL_BASE}/people`)
  await page.waitForSelector('.accounts li')
  const login = `tester-${Date.now() % 1e8}`
  await page.fill('#fresh-login', 'Not A Login')
  await page.click('text=建账号')
  await page.waitForSelector('.fault')
  await page.fill('#fresh-login', login)
  await page.click('text=建账号')
  await page.waitForSelector('.shown code')
  await says(page, '.shown code', /^\S{4}-\S{4}-\S{4}-\S{4}$/)
  await page.waitForSelector(`.accounts strong >> text=${login}`)
  await page.locator('.el-select').first().click()
  await page.click('.el-select-dropdown__item >> text=派遣')
  await page.click('text=查一查')
  await page.waitForSelector('.who li')
  await says(page, '.who', /dispatcher/)
  await context.close()
})

const staffScreens = [
  ['sign in', '/sign-in', null], ['inbox', '/inbox', 'dispatcher'], ['people', '/people', 'administrator'], ['connections', '/outward', 'administrator'],
  ['my account', '/account', 'handler'], ['reports', '/reports', 'evaluator'], ['evaluation', '/evaluation', 'supervisor'],
]
for (const [name, path, login] of staffScreens)
  for (const [device, size] of [['phone', PHONE], ['desk', DESK]])
    test(`staff screen ${name} at ${device}`, async (browser) => {
      const { page, context, faults } = login ? await signedIn(browser, login, { size }) : await at(browser, path, { size })
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
