import { describe, expect, test } from 'vitest'
import { inOrder, markOfAlarm, possible, SEVERITIES, stands, stepped, type Alarm } from './alarms'

const alarm = (part: Partial<Alarm>): Alarm => ({ id: '1', severity: 'major', state: 'raised', raised_at: '2026-06-01T08:00:00Z', ...part }) as Alarm

describe('alarms', () => {
  test('what nobody has taken note of stands on top, the gravest first, then the newest', () => {
    const list = [
      alarm({ id: '1', severity: 'minor' }), alarm({ id: '2', severity: 'critical', state: 'acknowledged' }), alarm({ id: '3', severity: 'critical' }),
      alarm({ id: '4', severity: 'critical', raised_at: '2026-06-01T09:00:00Z' }), alarm({ id: '5', state: 'cleared' }), alarm({ id: '6', state: 'suppressed' }),
    ]
    expect(inOrder(list).map((it) => it.id)).toEqual(['4', '3', '1', '2', '6', '5'])
  })
  test('keys stop at both ends', () => {
    expect([stepped(-1, 1, 3), stepped(2, 1, 3), stepped(0, -1, 3), stepped(0, 1, 0)]).toEqual([0, 2, 0, -1])
  })
  test('what is over can only be reopened or commented', () => {
    expect(possible('cleared')).toEqual(['reopen', 'comment'])
    expect(possible('raised')).toContain('acknowledge')
    expect(stands({ state: 'suppressed' })).toBe(true)
    expect(stands({ state: 'cleared' })).toBe(false)
  })
  test('each severity has a tone on the map, and what is hushed is grey', () => {
    expect(SEVERITIES.map((severity) => markOfAlarm({ severity, state: 'raised' }).tone)).toEqual(['late', 'late', 'risk', 'risk', 'good'])
    expect(markOfAlarm({ severity: 'critical', state: 'suppressed' }).tone).toBe('paused')
  })
})
