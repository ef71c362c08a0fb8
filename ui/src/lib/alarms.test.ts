import { describe, expect, test } from 'vitest'
import { inOrder, joined, markOfAlarm, possible, pushedOff, SEVERITIES, stands, stepped, type Alarm } from './alarms'

const alarm = (part: Partial<Alarm>): Alarm => ({ id: '1', severity: 'major', state: 'raised', raised_at: '2026-06-01T08:00:00Z', ...part }) as Alarm

describe('alarms', () => {
  test('what nobody has taken note of stands on top, the gravest first, then the newest', () => {
    const list = [
      alarm({ id: '1', severity: 'minor' }), alarm({ id: '2', severity: 'critical', state: 'acknowledged' }), alarm({ id: '3', severity: 'critical' }),
      alarm({ id: '4', severity: 'critical', raised_at: '2026-06-01T09:00:00Z' }), alarm({ id: '5', state: 'cleared' }), alarm({ id: '6', state: 'suppressed' }),
    ]
    expect(inOrder(list).map((it) => it.id)).toEqual(['4', '3', '1', '2', '6', '5'])
  })
  test('by time the newest is first, whatever its state', () => {
    expect(inOrder([alarm({ id: '1', severity: 'critical' }), alarm({ id: '2', state: 'cleared', raised_at: '2026-06-01T09:00:00Z' })], 'raised').map((it) => it.id)).toEqual(['2', '1'])
  })
  test('pages are joined, each alarm once and as it was told last', () => {
    const first = [alarm({ id: '9', severity: 'critical' }), alarm({ id: '3', state: 'acknowledged' })]
    const older = [alarm({ id: '3' }), alarm({ id: '2' }), alarm({ id: '2', state: 'suppressed' })]
    expect(joined(first, older, 'urgency').map((it) => [it.id, it.state])).toEqual([['9', 'raised'], ['3', 'acknowledged'], ['2', 'suppressed']])
  })
  test('what a storm pushes off the first page is not lost between the pages, and what was cleared does not come back', () => {
    const before = [alarm({ id: '5', severity: 'critical' }), alarm({ id: '4' }), alarm({ id: '3', severity: 'minor' })]
    const fresh = [alarm({ id: '7', severity: 'critical' }), alarm({ id: '6', severity: 'critical' }), alarm({ id: '4' })]
    expect(pushedOff(before, fresh, 'urgency').map((it) => it.id)).toEqual(['3'])
    expect(pushedOff(before, [], 'urgency')).toEqual([])
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
