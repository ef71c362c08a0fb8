// Marks and clusters drawn when the map asks for them: "mark.circle.risk.3", "cluster.14.2.1.3".

import { SEVERITIES, type Severity } from '../lib/alarms'
import { DEVICE_STATES, type DeviceState } from '../lib/devices'
import { markFrom, RING_STEPS, type Mark } from '../lib/marks'
import { ALARM_DRAWINGS, DEVICE_DRAWINGS, type Drawing } from '../lib/shapes'
import type { Palette } from './palette'

export const IMAGE_RATIO = 2
const MARK_PX = 34
const CLUSTER_PX = 48
const LATE_SCALE = 1.3

type Paper = CanvasRenderingContext2D

function paper(size: number): Paper {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size * IMAGE_RATIO
  const g = canvas.getContext('2d', { willReadFrequently: true })!
  g.scale(IMAGE_RATIO, IMAGE_RATIO)
  g.lineCap = 'round'
  g.lineJoin = 'round'
  return g
}
const pixels = (g: Paper) => g.getImageData(0, 0, g.canvas.width, g.canvas.height)

function arc(g: Paper, at: number, radius: number, from: number, to: number, colour: string, width: number): void {
  g.beginPath()
  g.arc(at, at, radius, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI)
  g.strokeStyle = colour
  g.lineWidth = width
  g.stroke()
}

function outline(g: Paper, shape: Mark['shape'], c: number): void {
  g.beginPath()
  if (shape === 'circle') g.arc(c, c, 9, 0, 2 * Math.PI)
  else if (shape === 'square') g.rect(c - 8, c - 8, 16, 16)
  else if (shape === 'diamond') { g.moveTo(c, c - 10.5); g.lineTo(c + 10.5, c); g.lineTo(c, c + 10.5); g.lineTo(c - 10.5, c) }
  else { g.moveTo(c, c - 10); g.lineTo(c + 10, c + 8); g.lineTo(c - 10, c + 8) }
  g.closePath()
}

function sign(g: Paper, mark: Mark, c: number, p: Palette, late: string): void {
  const y = mark.shape === 'triangle' ? c + 2 : c
  g.strokeStyle = mark.tone === 'risk' ? p.paper : p[mark.tone]
  g.lineWidth = 2
  g.beginPath()
  if (mark.tone === 'risk') { g.moveTo(c, y - 4); g.lineTo(c, y + 0.5); g.lineTo(c + 3.5, y + 0.5) }
  if (mark.tone === 'paused') { g.moveTo(c - 2.4, y - 3.5); g.lineTo(c - 2.4, y + 3.5); g.moveTo(c + 2.4, y - 3.5); g.lineTo(c + 2.4, y + 3.5) }
  if (mark.tone === 'done') { g.moveTo(c - 4, y + 0.5); g.lineTo(c - 1, y + 3.5); g.lineTo(c + 4.5, y - 3) }
  g.stroke()
  if (mark.tone === 'late') word(g, late, c, y + 0.5, 13, p.paper)
}

function word(g: Paper, text: string, x: number, y: number, size: number, colour: string): void {
  g.font = `700 ${size}px "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif`
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.fillStyle = colour
  g.fillText(text, x, y)
}

function drawMark(mark: Mark, p: Palette, late: string): ImageData {
  const g = paper(MARK_PX)
  const c = MARK_PX / 2
  const hollow = mark.tone === 'paused' || mark.tone === 'done'
  if (mark.ring > 0) {
    g.beginPath()
    g.arc(c, c, 14.5, 0, 2 * Math.PI)
    g.fillStyle = `${p.raised}cc`
    g.fill()
    arc(g, c, 14.5, 0, 1, p.line, 2.4)
    arc(g, c, 14.5, 0, mark.ring / RING_STEPS, p[mark.tone], 2.4)
  }
  // What is late has no ring any more; it is drawn larger instead.
  const grown = mark.tone === 'late' ? LATE_SCALE : 1
  g.save()
  g.translate(c, c)
  g.scale(grown, grown)
  g.translate(-c, -c)
  outline(g, mark.shape, c)
  g.restore()
  g.fillStyle = hollow ? p.raised : p[mark.tone]
  g.strokeStyle = hollow ? p[mark.tone] : p.raised
  g.lineWidth = hollow ? 1.8 : 1.2
  g.fill()
  g.stroke()
  sign(g, mark, c, p, late)
  return pixels(g)
}

/** A ring of shares around the number; the late ones are also told as a number. */
function drawCluster(count: string, late: number, soon: number, lateCount: number, p: Palette, lateWord: string): ImageData {
  const g = paper(CLUSTER_PX)
  const c = CLUSTER_PX / 2
  g.beginPath()
  g.arc(c, c, 18, 0, 2 * Math.PI)
  g.fillStyle = p.raised
  g.fill()
  arc(g, c, 18, 0, 1, p.good, 4)
  const lateEnd = Math.min(1, late / RING_STEPS)
  const soonEnd = Math.min(1, lateEnd + soon / RING_STEPS)
  if (soonEnd > lateEnd) arc(g, c, 18, lateEnd, soonEnd, p.risk, 4)
  if (lateEnd > 0) arc(g, c, 18, 0, lateEnd, p.late, 4)
  word(g, count, c, lateCount ? c - 4 : c + 0.5, count.length > 3 ? 12 : 15, p.ink)
  if (lateCount) word(g, `${lateWord} ${lateCount}`, c, c + 8.5, 9.5, p.late)
  return pixels(g)
}

const DRAWN_IN = 32
/** A drawing of the words' side with its middle at (x, y) and so many pixels wide, on a rim of paper that sets it off the map. */
function drawShape(g: Paper, it: Drawing, tone: string, x: number, y: number, size: number, p: Palette): void {
  const shape = new Path2D(it.shape)
  g.save()
  g.translate(x - size / 2, y - size / 2)
  g.scale(size / DRAWN_IN, size / DRAWN_IN)
  g.strokeStyle = p.raised
  g.lineWidth = 6
  g.stroke(shape)
  g.fillStyle = it.full ? tone : p.raised
  g.fill(shape)
  if (!it.full) {
    g.strokeStyle = tone
    g.lineWidth = 2.8
    if (it.dashed) g.setLineDash([4, 4])
    g.stroke(shape)
    g.setLineDash([])
  }
  g.strokeStyle = it.full ? p.raised : tone
  g.lineWidth = 3
  g.stroke(new Path2D(it.sign))
  g.restore()
}
const toneOfAlarm = (severity: Severity, quiet: boolean, p: Palette) => (quiet ? p.paused : severity === 'critical' || severity === 'major' ? p.late : severity === 'info' ? p.calm : p.risk)

function drawAlarm(severity: Severity, quiet: boolean, p: Palette): ImageData {
  const g = paper(MARK_PX)
  drawShape(g, ALARM_DRAWINGS[severity], toneOfAlarm(severity, quiet, p), MARK_PX / 2, MARK_PX / 2, severity === 'critical' || severity === 'major' ? 28 : 25, p)
  return pixels(g)
}
/** A device with the gravest of its alarms at its shoulder. */
function drawDevice(state: DeviceState, alarm: Severity | null, p: Palette): ImageData {
  const g = paper(MARK_PX)
  const tone = { active: p.good, silent: p.risk, fault: p.late, disabled: p.paused, unclaimed: p.paused }[state]
  drawShape(g, DEVICE_DRAWINGS[state], tone, alarm ? MARK_PX / 2 - 2 : MARK_PX / 2, alarm ? MARK_PX / 2 + 2 : MARK_PX / 2, 25, p)
  if (alarm) drawShape(g, ALARM_DRAWINGS[alarm], toneOfAlarm(alarm, false, p), MARK_PX - 9, 9, 16, p)
  return pixels(g)
}

/** Null for a name that is not ours. */
export function imageFor(name: string, palette: Palette, lateWord: string): ImageData | null {
  const mark = markFrom(name)
  if (mark) return drawMark(mark, palette, lateWord)
  const [kind, count, late, soon, lateCount] = name.split('.')
  const severity = SEVERITIES.find((one) => one === (kind === 'device' ? late : count))
  if (kind === 'alarm' && severity) return drawAlarm(severity, late === '1', palette)
  const state = DEVICE_STATES.find((one) => one === count)
  if (kind === 'device' && state) return drawDevice(state, severity ?? null, palette)
  if (kind !== 'cluster' || lateCount === undefined) return null
  return drawCluster(count, Number(late), Number(soon), Number(lateCount), palette, lateWord)
}
