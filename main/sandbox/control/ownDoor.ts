/** The sandbox's own calls under /__sandbox/: acts of the world that no AWS API has, such as the carrier's scan. Behind a token of the sandbox's. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { isFault } from '../../../shared/faults/fault.ts'
import { send } from '../http/answer.ts'
import { readAll } from '../http/body.ts'

export type OwnActs = {
  /** @throws Fault device-not-here. */
  ship(jobId: string): Promise<void>
  /** @throws Fault device-not-here. */
  unlock(jobId: string, code: string): Promise<void>
  admit(bytes: number): boolean
  stats(): unknown
  time(): unknown
  notifications(): unknown
}

export const ownPath = '/__sandbox/'

const largestBody = 64 * 1024

export async function answerOwn(acts: OwnActs, token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = (status: number, body: unknown): Promise<void> =>
    send(response, { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, {})
  const call = `${request.method ?? ''} ${(request.url ?? '').slice(ownPath.length)}`
  try {
    if (!isToken(request.headers['x-sandbox-token'], token)) return await reply(403, { code: 'wrong-token' })
    const body: unknown = request.method === 'POST' ? JSON.parse((await readAll(request, largestBody)).toString('utf8')) : undefined
    switch (call) {
      case 'POST ship':
        await acts.ship(z.strictObject({ jobId: z.string() }).parse(body).jobId)
        return await reply(200, {})
      case 'POST unlock': {
        const { jobId, code } = z.strictObject({ jobId: z.string(), code: z.string() }).parse(body)
        await acts.unlock(jobId, code)
        return await reply(200, {})
      }
      case 'POST share/admit': {
        const admitted = acts.admit(z.strictObject({ bytes: z.number().int().min(0) }).parse(body).bytes)
        return await reply(admitted ? 200 : 507, { admitted })
      }
      case 'GET stats':
        return await reply(200, acts.stats())
      case 'GET time':
        return await reply(200, acts.time())
      case 'GET notifications':
        return await reply(200, acts.notifications())
      default:
        return await reply(404, { code: 'unknown-call' })
    }
  } catch (error) {
    if (isFault(error)) return await reply(409, { code: error.code, facts: error.facts })
    if (error instanceof z.ZodError || error instanceof SyntaxError) return await reply(400, { code: 'bad-input' })
    throw error
  }
}

function isToken(given: string | string[] | undefined, token: string): boolean {
  const left = Buffer.from(typeof given === 'string' ? given : '')
  const right = Buffer.from(token)
  return left.length === right.length && timingSafeEqual(left, right)
}
