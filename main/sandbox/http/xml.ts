/** XML as S3 writes and reads it. Writing is a handful of escaped elements; reading is fast-xml-parser with a hard check of well-formedness. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { S3Error } from '../contract.ts'

/** An element that is already text. */
export type Xml = { readonly xml: string }

const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** `undefined` leaves the element out; an array nests. */
export function element(name: string, content: string | number | boolean | readonly Xml[] | undefined): Xml {
  if (content === undefined) return { xml: '' }
  const inner = typeof content === 'object' ? join(content) : escapeText(String(content))
  return { xml: `<${name}>${inner}</${name}>` }
}

/** @param namespace '' for none */
export function xmlDocument(root: string, content: readonly Xml[] | string, namespace = s3Namespace): string {
  const inner = typeof content === 'string' ? escapeText(content) : join(content)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace === '' ? '' : ` xmlns="${namespace}"`}>${inner}</${root}>`
}

/** Control characters become character references, as S3 writes them; a caller who cannot read those asks for encoding-type=url. */
function escapeText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[&<>"\u0000-\u001f\u007f]/g, (char) => named[char] ?? `&#x${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()};`)
}

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function join(parts: readonly Xml[]): string {
  let text = ''
  for (const part of parts) text += part.xml
  return text
}

export type XmlNode = Readonly<Record<string, unknown>>

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  processEntities: true,
  // Characters by their number too: AWS's SDK for Go, and so rclone, writes the quotes of an ETag as &#34;.
  htmlEntities: true,
})

/** The content of the root element. @throws S3Error MalformedXML when it is no XML or has another root. */
export function parseXml(body: Buffer, root: string): XmlNode {
  const text = body.toString('utf8')
  // No document of S3's has a DTD, and refusing them refuses every entity trick.
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) throw malformedXml()
  const tree = parser.parse(text) as XmlNode
  const node = tree[root]
  if (node === undefined) throw malformedXml()
  return isNode(node) ? node : {}
}

/** All child elements of a name, whether there are none, one or many. */
export function children(node: XmlNode, name: string): readonly XmlNode[] {
  return list(node[name]).map((child) => (isNode(child) ? child : {}))
}

export function textOf(node: XmlNode, name: string): string | undefined {
  const value = node[name]
  return typeof value === 'string' ? value : undefined
}

export function malformedXml(): S3Error {
  return new S3Error('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate against our published schema')
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value]
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
