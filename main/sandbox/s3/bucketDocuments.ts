/** Operations on the documents of a bucket: lifecycle rules and archive tiers of Intelligent-Tiering. */
import { S3Error } from '../contract.ts'
import type { Answer } from '../http/answer.ts'
import { children, element, malformedXml, textOf, xmlDocument, type Xml, type XmlNode } from '../http/xml.ts'
import { queryOf, xmlHeaders, type S3Call } from './call.ts'
import { readXmlText } from './requestChecksum.ts'

const limit = 256 * 1024
/** A bucket holds no more rules, and no more configurations (Amazon S3 User Guide). */
const mostRules = 1000

export async function putBucketLifecycle(call: S3Call): Promise<Answer> {
  const { id } = call.store.bucketRow(call.bucket)
  const { node, text } = await readXmlText(call, 'LifecycleConfiguration', limit, 'required')
  const rules = children(node, 'Rule')
  if (rules.length === 0 || rules.length > mostRules || !rules.every(isRule)) throw malformedXml()
  call.store.documents.set(id, 'lifecycle', '', text)
  return { status: 200 }
}

function isRule(rule: XmlNode): boolean {
  const status = textOf(rule, 'Status')
  const named = 'Filter' in rule || 'Prefix' in rule
  return named && (status === 'Enabled' || status === 'Disabled')
}

export function getBucketLifecycle(call: S3Call): Answer {
  const [xml] = call.store.documents.all(call.store.bucketRow(call.bucket).id, 'lifecycle')
  if (xml === undefined)
    throw new S3Error('NoSuchLifecycleConfiguration', 404, 'The lifecycle configuration does not exist', { BucketName: call.bucket })
  return { status: 200, headers: xmlHeaders, body: xml }
}

export function deleteBucketLifecycle(call: S3Call): Answer {
  call.store.documents.remove(call.store.bucketRow(call.bucket).id, 'lifecycle', '')
  return { status: 204 }
}

export async function putIntelligentTiering(call: S3Call): Promise<Answer> {
  const { id } = call.store.bucketRow(call.bucket)
  const { node, text } = await readXmlText(call, 'IntelligentTieringConfiguration', limit)
  const name = textOf(node, 'Id')
  if (name === undefined || name !== queryOf(call, 'id') || children(node, 'Tiering').length === 0) throw malformedXml()
  call.store.documents.set(id, 'intelligent-tiering', name, text)
  return { status: 200 }
}

export function listIntelligentTiering(call: S3Call): Answer {
  const all = call.store.documents.all(call.store.bucketRow(call.bucket).id, 'intelligent-tiering')
  // Each as it was given, but for its own declaration.
  const given: Xml[] = all.map((xml) => ({ xml: xml.replace(/^\s*<\?xml[^>]*\?>\s*/, '') }))
  const body = xmlDocument('ListBucketIntelligentTieringConfigurationsOutput', [element('IsTruncated', false), ...given])
  return { status: 200, headers: xmlHeaders, body }
}
