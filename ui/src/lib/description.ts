// From openapi.json to what a person reads: routes by subject, who may, what is taken, what comes back.

import type { Text } from '../api/types'

export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: string[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  contentMediaType?: string
  description?: string
}
interface Parameter { name: string; in: 'path' | 'query' | 'header'; required: boolean; description: string; schema: Schema }
interface Content { content?: Record<string, { schema: Schema }> }
interface Said {
  operationId: string
  tags: string[]
  summary: string
  description: string
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}
export interface Document {
  paths: Record<string, Record<string, Said>>
  components: { schemas: Record<string, Schema> }
}

export interface Taken { name: string; place: 'path' | 'query' | 'header' | 'body'; needed: boolean; kind: string; meaning: Text | null }
export interface Given { status: string; type: string; kind: string; fields: { name: string; kind: string; meaning: Text | null }[] }
export interface Route { id: string; method: string; path: string; summary: Text; who: Text; takes: Taken[]; gives: Given[] }
export interface Subject { name: string; routes: Route[] }

/** "中文 / English", as the server writes it. */
export function bothOf(text: string | undefined): Text | null {
  if (!text) return null
  const cut = text.indexOf(' / ')
  return cut < 0 ? { zh: text, en: text } : { zh: text.slice(0, cut), en: text.slice(cut + 3) }
}

/** A schema in a few signs: "text ≤ 40", "Case[]", "integer 1…200", "open | closed | all", "time?". */
export function kindOf(schema: Schema): string {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  if (schema.anyOf) return schema.anyOf.map((one) => (one.type === 'null' ? '' : kindOf(one))).filter(Boolean).join(' | ') + '?'
  if (schema.enum) return schema.enum.join(' | ')
  const nothing = Array.isArray(schema.type) && schema.type.includes('null') ? '?' : ''
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  if (type === 'array') return `${schema.items ? kindOf(schema.items) : ''}[]${schema.maxItems ? ` ≤ ${schema.maxItems}` : ''}${nothing}`
  if (type === 'string' && schema.contentMediaType) return 'file'
  if (type === 'string' && schema.format === 'date-time') return `time${nothing}`
  if (type === 'string') return `text${schema.maxLength ? ` ≤ ${schema.maxLength}` : ''}${nothing}`
  const bounded = schema.minimum !== undefined && schema.maximum !== undefined && Math.abs(schema.maximum) < 2 ** 53
  return `${type ?? 'any'}${bounded ? ` ${schema.minimum}…${schema.maximum}` : ''}${nothing}`
}

function plain(schema: Schema | undefined, document: Document): Schema {
  const name = schema?.$ref?.slice(schema.$ref.lastIndexOf('/') + 1)
  return (name ? document.components.schemas[name] : schema) ?? {}
}

const fieldsOf = (schema: Schema, document: Document) =>
  Object.entries(plain(schema, document).properties ?? {}).map(([name, held]) => ({ name, kind: kindOf(held), meaning: bothOf(held.description) }))

function routeOf(path: string, method: string, said: Said, document: Document): Route {
  const takes: Taken[] = (said.parameters ?? []).map((one) => ({ name: one.name, place: one.in, needed: one.required, kind: kindOf(one.schema), meaning: bothOf(one.description) }))
  const body = plain(Object.values(said.requestBody?.content ?? {})[0]?.schema, document)
  for (const field of fieldsOf(body, document)) takes.push({ ...field, place: 'body', needed: (body.required ?? []).includes(field.name) })
  const gives = Object.entries(said.responses).filter(([status]) => status.startsWith('2')).map(([status, answer]) => {
    const [type, content] = Object.entries(answer.content ?? {})[0] ?? ['', { schema: {} }]
    return { status, type, kind: type ? kindOf(content.schema) : '', fields: fieldsOf(content.schema, document) }
  })
  const who = bothOf(said.description) ?? { zh: '', en: '' }
  return { id: said.operationId, method: method.toUpperCase(), path, summary: bothOf(said.summary) ?? { zh: path, en: path }, who, takes, gives }
}

/** Subjects in the order of their names, routes as the document has them. */
export function subjectsOf(document: Document): Subject[] {
  const found = new Map<string, Subject>()
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, said] of Object.entries(methods)) {
      const name = said.tags[0] ?? ''
      const subject = found.get(name) ?? { name, routes: [] }
      subject.routes.push(routeOf(path, method, said, document))
      found.set(name, subject)
    }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
