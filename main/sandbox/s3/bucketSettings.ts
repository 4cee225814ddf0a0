/**
 * Settings of a bucket that S3 keeps as the document it was given, each with its own answer where it was never set (Amazon S3 API Reference): the policy as JSON,
 * all others as XML. The sandbox keeps and tells them; its one caller is the owner's root, and no
 * setting keeps a rehearsal from its work, but for a public policy where such are blocked.
 */
import { readPolicy } from '../../../shared/domain/policy/document.ts'
import { publicStatements } from '../../../shared/domain/policy/publicAccess.ts'
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { readAll } from '../http/body.ts'
import { element, xmlDocument } from '../http/xml.ts'
import { xmlHeaders, type Operation, type S3Call } from './call.ts'
import type { DocumentKind } from './documents.ts'
import { readXmlText } from './requestChecksum.ts'

const limit = 64 * 1024
/** A bucket policy is at most 20 KB (Amazon S3 User Guide). */
const policyLimit = 20 * 1024

type Unset = { readonly code: string; readonly message: string } | 'empty'
const settings: readonly { readonly kind: DocumentKind; readonly name: string; readonly root: string; readonly unset: Unset }[] = [
  {
    kind: 'publicAccessBlock',
    name: 'PublicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    unset: { code: 'NoSuchPublicAccessBlockConfiguration', message: 'The public access block configuration was not found' },
  },
  {
    kind: 'ownershipControls',
    name: 'BucketOwnershipControls',
    root: 'OwnershipControls',
    unset: { code: 'OwnershipControlsNotFoundError', message: 'The bucket ownership controls were not found' },
  },
  {
    kind: 'object-lock',
    name: 'ObjectLockConfiguration',
    root: 'ObjectLockConfiguration',
    unset: { code: 'ObjectLockConfigurationNotFoundError', message: 'Object Lock configuration does not exist for this bucket' },
  },
  { kind: 'tagging', name: 'BucketTagging', root: 'Tagging', unset: { code: 'NoSuchTagSet', message: 'The TagSet does not exist' } },
  { kind: 'logging', name: 'BucketLogging', root: 'BucketLoggingStatus', unset: 'empty' },
]

/** By AWS's names: Get, Put and Delete of each. */
export const settingOperations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(settings.flatMap((setting) => Object.entries(operationsOf(setting)))),
  GetBucketPolicy: (call) => told(call, 'policy', noPolicy, { 'content-type': 'application/json' }),
  PutBucketPolicy: async (call) => {
    const text = (await readAll(call.body.bytes, policyLimit)).toString('utf8')
    const read = readPolicy(text)
    if ('problem' in read) throw new S3Error('MalformedPolicy', 400, `This policy ${read.problem}`)
    if (publicStatements(read.policy).length > 0 && blocksPublicPolicies(call))
      throw new S3Error('AccessDenied', 403, 'Access Denied: public policies are prevented by the BlockPublicPolicy setting')
    keep(call, 'policy', text)
    return { status: 204 }
  },
  DeleteBucketPolicy: (call) => removed(call, 'policy'),
  GetBucketPolicyStatus: (call) => {
    const read = readPolicy(kept(call, 'policy', noPolicy))
    const isPublic = 'policy' in read && publicStatements(read.policy).length > 0
    return { status: 200, headers: xmlHeaders, body: xmlDocument('PolicyStatus', [element('IsPublic', isPublic)]) }
  },
}

function operationsOf({ kind, name, root, unset }: (typeof settings)[number]): Record<string, Operation> {
  const get: Operation = (call) => told(call, kind, unset === 'empty' ? xmlDocument(root, []) : unset, xmlHeaders)
  const put: Operation = async (call) => {
    keep(call, kind, (await readXmlText(call, root, limit)).text)
    return { status: 200 }
  }
  const both = { [`Get${name}`]: get, [`Put${name}`]: put }
  // Object Lock and logging are never deleted, only set anew.
  return kind === 'object-lock' || kind === 'logging' ? both : { ...both, [`Delete${name}`]: (call) => removed(call, kind) }
}

/** PutBucketPolicy of a public policy is rejected then (Amazon S3 User Guide, blocking public access). */
function blocksPublicPolicies(call: S3Call): boolean {
  const [block = ''] = call.store.documents.all(call.store.bucketRow(call.bucket).id, 'publicAccessBlock')
  return /<BlockPublicPolicy>\s*true\s*</.test(block)
}

const noPolicy = { code: 'NoSuchBucketPolicy', message: 'The bucket policy does not exist' }

function told(call: S3Call, kind: DocumentKind, unset: Exclude<Unset, 'empty'> | string, headers: Record<string, string>): Answer {
  return { status: 200, headers, body: kept(call, kind, unset) }
}

/** A text for `unset` stands for what was never set. */
function kept(call: S3Call, kind: DocumentKind, unset: Exclude<Unset, 'empty'> | string): string {
  const [text] = call.store.documents.all(call.store.bucketRow(call.bucket).id, kind)
  if (text !== undefined) return text
  if (typeof unset === 'string') return unset
  throw new S3Error(unset.code, 404, unset.message, { BucketName: call.bucket })
}

function keep(call: S3Call, kind: DocumentKind, text: string): void {
  call.store.documents.set(call.store.bucketRow(call.bucket).id, kind, '', text)
}

function removed(call: S3Call, kind: DocumentKind): Answer {
  call.store.documents.remove(call.store.bucketRow(call.bucket).id, kind, '')
  return { status: 204 }
}
