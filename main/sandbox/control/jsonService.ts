/** What the sandbox's JSON services share: reading a call, judging its members, answering errors as AWS words them. */
import type { z } from 'zod'
import { S3Error } from '../contract.ts'

export type Json = Readonly<Record<string, unknown>>

export interface JsonService {
  /** Name in the credential scope (SigV4). */
  readonly service: 'snowball' | 'storagegateway' | 'monitoring'
  /** The part of X-Amz-Target before the dot. */
  readonly target: string
  readonly jsonVersion: '1.0' | '1.1'
  /** @throws S3Error with the service's own code; `extra` goes into the answer. */
  call(operation: string, input: Json): Promise<Json> | Json
}

export type Operations = Readonly<Record<string, (input: Json) => Promise<Json> | Json>>

/** Looks an operation up by its own name only, so that `__proto__` is an unknown operation. */
export async function callOperation(operations: Operations, operation: string, input: Json): Promise<Json> {
  const handle = Object.hasOwn(operations, operation) ? operations[operation] : undefined
  if (handle === undefined) throw new S3Error('UnknownOperationException', 400, `The sandbox does not know the operation ${operation}.`)
  return handle(input)
}

/** @throws S3Error ValidationException in AWS's words, naming the member, or SerializationException for a wrong JSON type. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: Json): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const member = issue?.path.map(String).map(lowerFirst).join('.') ?? ''
  if (issue?.code === 'invalid_type' && issue.input !== undefined) {
    throw new S3Error('SerializationException', 400, `Member ${member} has the wrong type: expected ${issue.expected}.`)
  }
  const missing = issue?.code === 'invalid_type'
  const words = missing ? 'Member must not be null' : `Member must satisfy: ${issue?.message ?? 'the model'}`
  throw new S3Error(
    'ValidationException',
    400,
    `${result.error.issues.length} validation error(s) detected: Value at '${member}' failed to satisfy constraint: ${words}`,
  )
}

/** A member that is absent is left out of an answer, never null. */
export function present(members: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** Seconds since 1970 with milliseconds: the only form of time that client-snowball 3.523.0 reads. */
export function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1)
}
