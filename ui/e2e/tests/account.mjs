// One's own account: a passkey from the first to the last, with Chromium's virtual authenticator; what one's own work came to.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { PHONE, settled, URL_BASE } from '../browser.mjs'
import { findings, fits, says, test } from '../testing.mjs'
import { signedIn } from './staff.mjs'

// Passkeys belong to a name, and that of a machine for trying things is localhost.
const HERE = URL_BASE.replace('//127.0.0.1', '//localhost')

async function withAuthenticator({ page, context }) {
  const line = await context.newCDPSession(page)
  await line.send('WebAuthn.enable')
  const { authenticatorId } = await line.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  return { verified: (isUserVerified) => line.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }) }
}

test('a passkey is made under my account, signs in, and proves who one is', async (browser) => {
  const one = await signedIn(browser, 'evaluator', { base: HERE })
  const { page, context, faults } = one
  const authenticator = await withAuthenticator(one)
  await page.goto(`${HERE}/account`)
  await page.fill('#passkey-name', '考评台的电脑')
  await page.click('button >> text=登记这台设备')
  await page.waitForSelector('.passkeys strong >> text=考评台的电脑')

  await page.click('button.leave')
  await page.waitForURL(`${HERE}/`)
  await page.goto(`${HERE}/sign-in`)
  await authenticator.verified(false)
  await page.click('button >> text=用通行密钥登录')
  await says(page, '[role=alert]', /没有给出通行密钥/)
  await authenticator.verified(true)
  await page.click('button >> text=用通行密钥登录')
  await page.waitForURL('**/inbox')
  await page.goto(`${HERE}/account`)
  await page.waitForSelector('.rows .tag >> text=就是这里')
  await says(page, 'section:has(#sessions-title)', /用通行密钥登录/)

  // A quarter of an hour passes in the answer of the server only: what it asks for then is real again.
  let asked = 0
  await page.route('**/api/v1/passkeys/*', (route) => {
    asked += 1
    if (asked > 1) return route.continue()
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:zhili:problem:session.proof', title: 'Forbidden', status: 403, code: 'session.proof', field: null, detail: { zh: '请再确认', en: 'prove it' } }) })
  })
  await page.click('.passkeys button >> text=删除')
  await page.waitForSelector('dialog[open] #proof-title')
  deepEqual(await findings(page), [])
  const proved = page.waitForResponse('**/api/v1/session/proof/passkey')
  await page.click('dialog button >> text=用通行密钥')
  equal((await proved).status(), 204)
  await page.waitForSelector('.passkeys li >> text=还没有通行密钥')
  equal(await page.locator('dialog[open]').count(), 0)
  equal(asked, 2, 'what was begun went on by itself')
  deepEqual(faults, [])
  await context.close()
})

test('a lead sees the work of one person whom they lead, and that person reads who looked', async (browser) => {
  const lead = await signedIn(browser, 'handler-lead')
  await lead.page.goto(`${URL_BASE}/account`)
  await settled(lead.page)
  await says(lead.page, 'section:has(#work-title)', /只有您本人和您的直接负责人看得到/)
  await lead.page.click('form[aria-labelledby=led-title] .el-select')
  await lead.page.click('.el-select-dropdown__item:visible >> text=handler')
  await lead.page.click('form[aria-labelledby=led-title] button[type=submit]')
  await lead.page.waitForSelector('[role=status] .sums')
  equal(await lead.page.locator('[role=status] .sums dd').count(), 4)
  await lead.context.close()
  const hand = await signedIn(browser, 'handler', { size: PHONE })
  await hand.page.goto(`${URL_BASE}/account`)
  await settled(hand.page)
  await says(hand.page, 'section:has(#work-title)', /handler-lead 于/)
  equal(await hand.page.locator('#led-title').count(), 0, 'who leads nobody is offered nobody')
  ok(await fits(hand.page))
  deepEqual(await findings(hand.page), [])
  await hand.context.close()
})
