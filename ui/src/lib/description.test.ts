import { expect, it } from 'vitest'
import { bothOf, kindOf, subjectsOf, type Document } from './description'

it('a text in both languages is cut where the server joined it', () => {
  expect(bothOf('谁可以 / who may')).toEqual({ zh: '谁可以', en: 'who may' })
  expect(bothOf('plain')).toEqual({ zh: 'plain', en: 'plain' })
  expect(bothOf('')).toEqual(null)
})

it('a schema is said in a few signs', () => {
  expect(kindOf({ $ref: '#/components/schemas/Case' })).toEqual('Case')
  expect(kindOf({ type: 'array', items: { $ref: '#/components/schemas/Case' }, maxItems: 5 })).toEqual('Case[] ≤ 5')
  expect(kindOf({ type: ['string', 'null'], maxLength: 40 })).toEqual('text ≤ 40?')
  expect(kindOf({ type: 'string', format: 'date-time' })).toEqual('time')
  expect(kindOf({ type: 'integer', minimum: 1, maximum: 200 })).toEqual('integer 1…200')
  expect(kindOf({ type: 'integer', minimum: -(2 ** 53), maximum: 2 ** 53 })).toEqual('integer')
  expect(kindOf({ type: 'string', enum: ['open', 'closed'] })).toEqual('open | closed')
  expect(kindOf({ anyOf: [{ $ref: '#/components/schemas/Named' }, { type: 'null' }] })).toEqual('Named?')
})

it('a route says what it takes and gives, wherever the description keeps it', () => {
  const document: Document = {
    paths: {
      '/api/v1/lamps/{id}': {
        post: {
          operationId: 'mend', tags: ['lamps'], summary: '修灯 / Mend a lamp', description: '谁可以：所有人 / Who may: everybody',
          parameters: [{ name: 'id', in: 'path', required: true, description: '灯号 / number', schema: { type: 'integer' } }],
          requestBody: { content: { 'application/json': { schema: { properties: { words: { type: 'string', description: '话 / words' } }, required: ['words'] } } } },
          responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Lamp' } } } }, default: {} },
        },
      },
      '/api/v1/areas': { get: { operationId: 'areas', tags: ['areas'], summary: '区域 / Areas', description: '', responses: { 204: {} } } },
    },
    components: { schemas: { Lamp: { properties: { id: { type: 'integer' } } } } },
  }
  const [areas, lamps] = subjectsOf(document)
  expect(areas?.name).toEqual('areas')
  expect(areas?.routes[0]?.gives).toEqual([{ status: '204', type: '', kind: '', fields: [] }])
  expect(lamps?.routes[0]?.takes.map((one) => [one.name, one.place, one.needed])).toEqual([['id', 'path', true], ['words', 'body', true]])
  expect(lamps?.routes[0]?.gives).toEqual([{ status: '201', type: 'application/json', kind: 'Lamp', fields: [{ name: 'id', kind: 'integer', meaning: null }] }])
})
