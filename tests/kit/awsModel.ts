/**
 * Checks requests and responses against AWS's own service models, as shipped in aws-sdk@2 (apis/*.min.json): every member must be one the
 * model has, of the type it has. The models are of 2024; what services have learnt since is passed in as `newer`.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { XMLParser } from 'fast-xml-parser'

type Shape = {
  readonly shape?: string
  readonly type?: string
  readonly members?: Readonly<Record<string, Shape>>
  readonly member?: Shape
  readonly key?: Shape
  readonly value?: Shape
  readonly required?: readonly string[]
  readonly payload?: string
  readonly location?: string
  readonly locationName?: string
  readonly flattened?: boolean
}
type Operation = { readonly input?: Shape; readonly output?: Shape }

export type AwsModel = { readonly operations: Readonly<Record<string, Operation>>; readonly shapes: Readonly<Record<string, Shape>> }

/** Member names and header names that came after the model, of any structure. */
export type Newer = readonly string[]

/** @param name such as 's3-2006-03-01' or 'snowball-2016-06-30' */
export function loadModel(name: string): AwsModel {
  const file = createRequire(import.meta.url).resolve(`aws-sdk/apis/${name}.min.json`)
  return JSON.parse(readFileSync(file, 'utf8')) as AwsModel
}

export type HttpAnswer = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Everything in a rest-xml response that the model does not know or knows otherwise; empty when all is well. */
export function problemsOfXmlResponse(model: AwsModel, operation: string, answer: HttpAnswer, newer: Newer = []): readonly string[] {
  const output = resolve(model, operationOf(model, operation).output ?? { type: 'structure' })
  const problems = headerProblems(output, answer.headers, newer)
  const payload = output.payload === undefined ? undefined : output.members?.[output.payload]
  if (payload !== undefined && resolve(model, payload).type !== 'structure') return problems
  if (answer.body === '') return problems
  const tree = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false, ignoreDeclaration: true }).parse(
    answer.body,
  ) as Record<string, unknown>
  const [root, ...others] = Object.entries(tree)
  if (root === undefined || others.length > 0) return [...problems, 'the body has not one root element']
  walkXml(model, payload ?? output, root[1], root[0], newer, problems)
  return problems
}

/** The same for a JSON body, input or output. */
export function problemsOfJson(
  model: AwsModel,
  operation: string,
  side: 'input' | 'output',
  body: unknown,
  newer: Newer = [],
): readonly string[] {
  const problems: string[] = []
  walkJson(model, operationOf(model, operation)[side] ?? { type: 'structure' }, body, operation, newer, problems)
  return problems
}

// Headers of HTTP itself and those every AWS answer has, outside the model.
const ordinary = new Set([
  'date',
  'server',
  'connection',
  'keep-alive',
  'x-amz-request-id',
  'x-amz-id-2',
  'content-type',
  'content-length',
  'transfer-encoding',
])

function headerProblems(output: Shape, headers: Readonly<Record<string, string>>, newer: Newer): string[] {
  const members = Object.values(output.members ?? {})
  const exact = new Map(
    members.filter((member) => member.location === 'header').map((member) => [member.locationName?.toLowerCase(), member]),
  )
  const prefixes = members.filter((member) => member.location === 'headers').map((member) => member.locationName?.toLowerCase() ?? '')
  return Object.entries(headers).flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    if (ordinary.has(lower) || newer.includes(lower) || prefixes.some((prefix) => lower.startsWith(prefix))) return []
    const member = exact.get(lower)
    if (member === undefined) return [`header ${lower} is not one of the output's`]
    return isText(member.type, value) ? [] : [`header ${lower} is no ${member.type ?? 'string'}`]
  })
}

function walkXml(model: AwsModel, asked: Shape, node: unknown, path: string, newer: Newer, problems: string[]): void {
  const shape = resolve(model, asked)
  if (shape.type === 'list') {
    const item = shape.member ?? {}
    const wrapped = shape.flattened === true ? node : (node as Record<string, unknown>)[item.locationName ?? 'member']
    for (const one of wrapped === undefined ? [] : Array.isArray(wrapped) ? (wrapped as unknown[]) : [wrapped])
      walkXml(model, item, one, path, newer, problems)
    return
  }
  if (shape.type !== 'structure') {
    if (typeof node !== 'string' || !isText(shape.type, node)) problems.push(`${path} is no ${shape.type ?? 'string'}`)
    return
  }
  if (node === '') return
  if (typeof node !== 'object' || node === null) {
    // GetBucketLocation's root holds its one member's text itself.
    if (Object.hasOwn(shape.members ?? {}, path)) return
    problems.push(`${path} is no structure`)
    return
  }
  const byWireName = new Map(
    Object.entries(shape.members ?? {}).map(
      ([name, member]) => [member.locationName ?? shapeListName(model, member) ?? name, member] as const,
    ),
  )
  for (const [name, child] of Object.entries(node)) {
    if (name === '#text' || newer.includes(name)) continue
    const member = byWireName.get(name)
    if (member === undefined || member.location !== undefined) problems.push(`${path}.${name} is not in the model`)
    else walkXml(model, member, child, `${path}.${name}`, newer, problems)
  }
}

function walkJson(model: AwsModel, asked: Shape, node: unknown, path: string, newer: Newer, problems: string[]): void {
  const shape = resolve(model, asked)
  if (node === null) {
    problems.push(`${path} is null; AWS leaves members out`)
    return
  }
  if (shape.type === 'structure') {
    if (typeof node !== 'object' || Array.isArray(node)) {
      problems.push(`${path} is no structure`)
      return
    }
    const given = node as Record<string, unknown>
    for (const name of shape.required ?? []) if (given[name] === undefined) problems.push(`${path}.${name} is required`)
    for (const [name, child] of Object.entries(given)) {
      const member = shape.members?.[name]
      if (member !== undefined) walkJson(model, member, child, `${path}.${name}`, newer, problems)
      else if (!newer.includes(name)) problems.push(`${path}.${name} is not in the model`)
    }
  } else if (shape.type === 'list') {
    if (!Array.isArray(node)) problems.push(`${path} is no list`)
    else for (const one of node as unknown[]) walkJson(model, shape.member ?? {}, one, `${path}[]`, newer, problems)
  } else if (shape.type === 'map') {
    if (typeof node !== 'object') problems.push(`${path} is no map`)
    else for (const [name, one] of Object.entries(node)) walkJson(model, shape.value ?? {}, one, `${path}{${name}}`, newer, problems)
  } else if (!isJson(shape.type, node)) problems.push(`${path} is no ${shape.type ?? 'string'}`)
}

function shapeListName(model: AwsModel, member: Shape): string | undefined {
  const shape = resolve(model, member)
  return shape.type === 'list' && shape.flattened === true ? shape.member?.locationName : undefined
}

/** A member may refer to a shared shape and add its own location. */
function resolve(model: AwsModel, shape: Shape): Shape {
  if (shape.shape === undefined) return shape
  const target = model.shapes[shape.shape]
  if (target === undefined) throw new Error(`the model has no shape ${shape.shape}`)
  return { ...target, ...shape }
}

function operationOf(model: AwsModel, name: string): Operation {
  const operation = model.operations[name]
  if (operation === undefined) throw new Error(`the model has no operation ${name}`)
  return operation
}

const numbers = new Set(['integer', 'long', 'float', 'double'])

function isText(type: string | undefined, text: string): boolean {
  if (type === 'integer' || type === 'long') return /^-?\d+$/.test(text)
  if (type === 'boolean') return text === 'true' || text === 'false'
  if (type === 'timestamp') return !Number.isNaN(Date.parse(text))
  return true
}

function isJson(type: string | undefined, value: unknown): boolean {
  if (numbers.has(type ?? '')) return typeof value === 'number' && (type === 'float' || type === 'double' || Number.isInteger(value))
  if (type === 'timestamp') return typeof value === 'number'
  if (type === 'boolean') return typeof value === 'boolean'
  return typeof value === 'string'
}
