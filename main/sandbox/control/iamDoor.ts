/** The door of IAM: POST / with a form, signed, answered in XML (AWS query protocol). Only GetRole, which is what Firn asks. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { S3Error } from '../contract.ts'
import { newRequestIds, send } from '../http/answer.ts'
import { readAll } from '../http/body.ts'
import type { FaultHook } from '../http/faultHook.ts'
import { verifySignature, type SigningPolicy } from '../http/signature.ts'
import { element, xmlDocument } from '../http/xml.ts'

export type IamDoor = {
  readonly account: string
  /** Trust policies by name of role, as JSON. `undefined`: every role trusts the import service. */
  readonly roles: Readonly<Record<string, string>> | undefined
  readonly faults: FaultHook
  readonly secretOf: SigningPolicy['secretOf']
  readonly region: string
  readonly now: () => number
  readonly onBug: (error: unknown) => void
}

const largestBody = 64 * 1024
const namespace = 'https://iam.amazonaws.com/doc/2010-05-08/'

export function isIamRequest(request: IncomingMessage): boolean {
  return request.method === 'POST' && request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
}

export async function answerIam(door: IamDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { requestId } = newRequestIds()
  const reply = (status: number, body: string): Promise<void> =>
    send(response, { status, headers: { 'content-type': 'text/xml' }, body }, { 'x-amzn-requestid': requestId })
  try {
    const body = await readAll(request, largestBody)
    const bodySha256 = createHash('sha256').update(body).digest('hex')
    verifySignature(
      { method: 'POST', target: request.url ?? '/', headers: request.headers, bodySha256 },
      { secretOf: door.secretOf, now: door.now(), region: door.region, services: ['iam'] },
    )
    const asked = new URLSearchParams(body.toString('utf8'))
    const operation = asked.get('Action') ?? ''
    const verdict = await door.faults.before({ service: 'iam', operation })
    if (verdict === 'reset') return void response.destroy()
    if (typeof verdict === 'object') throw new S3Error(verdict.code, verdict.status, 'Planned by the fault plan.')
    if (operation !== 'GetRole') throw new S3Error('InvalidAction', 400, `Could not find operation ${operation} for version 2010-05-08`)
    const answer = roleXml(door, asked.get('RoleName') ?? '', requestId)
    if (verdict === 'reset-after') return void response.destroy()
    await reply(200, answer)
  } catch (error) {
    if (response.headersSent || response.destroyed) throw error
    if (!(error instanceof S3Error)) door.onBug(error)
    const { code, status, message } =
      error instanceof S3Error ? error : new S3Error('InternalFailure', 500, 'The sandbox failed to answer.')
    const told = [element('Type', 'Sender'), element('Code', code), element('Message', message)]
    await reply(status, xmlDocument('ErrorResponse', [element('Error', told), element('RequestId', requestId)], namespace))
  }
}

function roleXml({ account, roles }: IamDoor, name: string, requestId: string): string {
  const trust = roles === undefined ? trustOfImport : roles[name]
  if (trust === undefined) throw new S3Error('NoSuchEntity', 404, `The role with name ${name} cannot be found.`)
  const role = [
    element('Path', '/'),
    element('RoleName', name),
    element('RoleId', 'AROASANDBOXROLEEXAMPLE'),
    element('Arn', `arn:aws:iam::${account}:role/${name}`),
    element('CreateDate', '2026-01-01T00:00:00Z'),
    // Encoded as RFC 3986 says, as IAM gives it.
    element('AssumeRolePolicyDocument', encodeURIComponent(trust)),
    element('MaxSessionDuration', 3600),
  ]
  const answer = [element('GetRoleResult', [element('Role', role)]), element('ResponseMetadata', [element('RequestId', requestId)])]
  return xmlDocument('GetRoleResponse', answer, namespace)
}

const trustOfImport = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'importexport.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})
