#!/usr/bin/env node
/**
 * verify-evidence: checks a bundle of evidence that Firn wrote. It needs Node.js 20 or later and nothing else: no Firn, no package, no network.
 * It reads and never writes. One file, so that whoever does not trust us can read all of it; how to check by standard tools alone is in HOW-TO-CHECK.txt.
 *
 *   node verify-evidence.mjs [BUNDLE] [--fingerprint SHA256] [--source FOLDER | --source ARCHIVE=FOLDER ...] [--listing FILE ...] [--part] [--json]
 *
 * Exit code: 0 all agrees · 1 something differs · 2 wrong usage · 3 something that was asked for could not be checked, and nothing differs.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, open, readdir, readFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

/** Of one kind of finding so many are named; the rest is counted. */
const mostNamed = 100
const filesAtOnce = 4
/** Tag files are read whole. */
const largestTagFile = 64 * 1024 * 1024
/** Files up to this size are read in one go. */
const readWhole = 256 * 1024
const noHash = '0'.repeat(64)
const bagDeclaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'
const tagManifest = 'tagmanifest-sha256.txt'
const signatureFile = `${tagManifest}.sig`
const keyFile = 'signing-key.pem'
const outcomes = ['verified', 'consistent', 'present', 'mismatch', 'missing', 'unknown', 'left-behind', 'not-checked']

/**
 * @typedef {{ code: string, where: string, text: string }} Finding `where`: a file of the bundle, an entry or an item
 * @typedef {{ fingerprint?: string, sources?: ReadonlyMap<string, string>, listings?: readonly string[], part?: boolean, filesOnly?: boolean, signal?: AbortSignal }} Asked
 * @typedef {{ findings: Finding[], counts: Record<string, number>, unchecked: string[], notes: string[], agreed: string[], signedBy: string | undefined, rootSha256: string | undefined }} Result
 * @typedef {{ device: number, number: number, hash: string }} ToldCustody
 */

/**
 * @param {string} folder
 * @param {Asked} asked
 * @returns {Promise<Result>}
 */
export async function verifyEvidence(folder, asked = {}) {
  const report = newReport()
  const signedBy = await checkFiles(folder, asked, report)
  if (asked.filesOnly !== true && report.result.findings.length === 0) await checkContents(folder, asked, signedBy, report)
  return { ...report.result, signedBy }
}

function newReport() {
  /** @type {Result} */
  const result = { findings: [], counts: {}, unchecked: [], notes: [], agreed: [], signedBy: undefined, rootSha256: undefined }
  return {
    result,
    /** @param {string} code @param {string} where @param {string} text */
    differs(code, where, text) {
      const count = (result.counts[code] ?? 0) + 1
      result.counts[code] = count
      if (count <= mostNamed) result.findings.push({ code, where, text })
    },
    /** @param {string} text */
    couldNot(text) {
      result.unchecked.push(text)
    },
    /** @param {string} text */
    note(text) {
      result.notes.push(text)
    },
    /** @param {string} text */
    agrees(text) {
      result.agreed.push(text)
    },
  }
}
/** @typedef {ReturnType<typeof newReport>} Report */

// ---- The files: BagIt 1.0 (RFC 8493) with an Ed25519 signature (RFC 8032) over the tag manifest.

/**
 * @param {string} folder @param {Asked} asked @param {Report} report
 * @returns {Promise<string | undefined>} SHA-256 of the public key (SPKI, DER) whose signature holds
 */
async function checkFiles(folder, asked, report) {
  const present = await filesBelow(folder, report)
  for (const name of ['bagit.txt', 'bag-info.txt', 'manifest-sha256.txt', tagManifest, signatureFile, keyFile])
    if (!present.has(name)) report.differs('file-missing', name, 'is not there')
  if (!present.has(tagManifest)) return undefined
  const root = await readTag(folder, tagManifest)
  report.result.rootSha256 = createHash('sha256').update(root).digest('hex')
  const listedTags = manifestLines(root.toString('utf8'), tagManifest, report)
  if (!listedTags.has('manifest-sha256.txt')) report.differs('not-listed', 'manifest-sha256.txt', `is not listed in ${tagManifest}`)
  await compareHashes(folder, listedTags, present, asked.signal, report)
  let listed = 0
  let bytes = 0
  if (present.has('manifest-sha256.txt')) {
    const payload = manifestLines((await readTag(folder, 'manifest-sha256.txt')).toString('utf8'), 'manifest-sha256.txt', report)
    for (const name of payload.keys())
      if (!name.startsWith('data/')) report.differs('not-payload', name, 'is listed as payload and lies outside data/')
    await compareHashes(folder, payload, present, asked.signal, report)
    listed = payload.size
    for (const [name, size] of present) {
      if (listedTags.has(name) || payload.has(name) || name === tagManifest || name === signatureFile) {
        if (name.startsWith('data/')) bytes += size
      } else report.differs('file-added', name, 'is in no manifest: it was put there later')
    }
  }
  if (present.has('bagit.txt') && (await readTag(folder, 'bagit.txt')).toString('utf8') !== bagDeclaration)
    report.differs('file-differs', 'bagit.txt', 'is not the declaration of a BagIt 1.0 bag in UTF-8')
  // A file that is gone, longer or new is named already.
  if (present.has('bag-info.txt') && report.result.findings.length === 0) {
    const oxum = /^Payload-Oxum: (.*)$/m.exec((await readTag(folder, 'bag-info.txt')).toString('utf8'))?.[1]
    if (oxum !== `${bytes}.${listed}`)
      report.differs(
        'payload-oxum',
        'bag-info.txt',
        `says ${oxum ?? 'nothing'} of bytes and files in data/, and there are ${bytes}.${listed}`,
      )
  }
  const signedBy = present.has(keyFile) && present.has(signatureFile) ? await checkSignature(folder, root, report) : undefined
  const wanted = asked.fingerprint?.toLowerCase()
  if (wanted !== undefined && signedBy !== undefined && signedBy !== wanted)
    report.differs('other-key', keyFile, `the bundle is signed by key ${signedBy}, not by ${wanted}`)
  if (report.result.findings.length === 0)
    report.agrees(`${present.size} files have the digests that the signed manifests name; no file is missing or was added`)
  return signedBy
}

/** @param {string} folder @param {Buffer} root @param {Report} report */
async function checkSignature(folder, root, report) {
  try {
    const key = createPublicKey(await readTag(folder, keyFile))
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key')
    if (verify(null, root, key, await readTag(folder, signatureFile)))
      return createHash('sha256')
        .update(key.export({ type: 'spki', format: 'der' }))
        .digest('hex')
    report.differs('signature', signatureFile, `is not the signature of ${tagManifest} by ${keyFile}`)
  } catch (error) {
    report.differs('signature', keyFile, `cannot be used to check the signature: ${messageOf(error)}`)
  }
  return undefined
}

/**
 * Names with `/` and sizes. Whatever is no file and no folder (a link, say) is a finding: it could lead out of the bundle.
 * @param {string} folder @param {Report} report
 * @returns {Promise<Map<string, number>>}
 */
async function filesBelow(folder, report) {
  /** @type {Map<string, number>} */
  const found = new Map()
  /** @param {string} below */
  const walk = async (below) => {
    for (const entry of (await readdir(join(folder, below), { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isFile()) found.set(name, (await lstat(join(folder, name))).size)
      else if (entry.isDirectory()) await walk(name)
      else report.differs('not-a-file', name, 'is neither a file nor a folder')
    }
  }
  await walk('')
  return found
}

/**
 * @param {string} text @param {string} manifest @param {Report} report
 * @returns {Map<string, string>} SHA-256 in hex by name
 */
function manifestLines(text, manifest, report) {
  /** @type {Map<string, string>} */
  const listed = new Map()
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sha256, name] = /^([0-9a-f]{64}) {2}((?:[\w-][\w.-]*\/)*[\w-][\w.-]*)$/.exec(line) ?? []
    if (sha256 === undefined || name === undefined || listed.has(name))
      report.differs('manifest-line', manifest, 'has a line that is not a digest, two spaces and a new name')
    else listed.set(name, sha256)
  }
  if (!text.endsWith('\n')) report.differs('manifest-line', manifest, 'ends in the middle of a line')
  return listed
}

/**
 * @param {string} folder @param {Map<string, string>} listed @param {Map<string, number>} present @param {AbortSignal | undefined} signal
 * @param {Report} report
 */
async function compareHashes(folder, listed, present, signal, report) {
  await pooled(listed, async ([name, expected]) => {
    if (!present.has(name)) report.differs('file-missing', name, 'is listed and not there')
    else if ((await readableDigest(join(folder, name), signal)) !== expected)
      report.differs('file-differs', name, 'does not have the digest that its manifest names')
  })
}

/** `undefined`: it is not a file, or cannot be read. @param {string} file @param {AbortSignal | undefined} signal */
async function readableDigest(file, signal) {
  try {
    return (await lstat(file)).isFile() ? await sha256Of(file, signal) : undefined
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}

// ---- What the files say, held against each other.

/** @param {string} folder @param {Asked} asked @param {string | undefined} signedBy @param {Report} report */
async function checkContents(folder, asked, signedBy, report) {
  const data = join(folder, 'data')
  const summary = JSON.parse(await readFile(join(data, 'summary.json'), 'utf8'))
  if (summary.format !== 'firn-evidence' || summary.version !== 1) {
    report.couldNot(`summary.json is of the form ${String(summary.format)} ${String(summary.version)}, which this program does not know`)
    return
  }
  const log = await checkEvents(join(data, 'events.ndjson'), summary, report)
  if (summary.signedBy !== signedBy)
    report.differs('other-key', 'data/summary.json', `names ${String(summary.signedBy)} as the signing key`)
  if (signedBy !== undefined && !log.keys.includes(signedBy))
    report.differs('other-key', 'data/events.ndjson', 'does not know the key that signed this bundle')
  await checkCustody(join(data, 'custody.ndjson'), log.custody, report)
  await checkItems(data, asked, summary, report)
}

/**
 * Each entry's hash is the SHA-256 of `sequence LF at LF kind LF body LF previous`.
 * @param {string} file @param {any} summary @param {Report} report
 */
async function checkEvents(file, summary, report) {
  let previous = noHash
  let entries = 0
  /** @type {string[]} */
  const keys = []
  /** @type {ToldCustody[]} */
  const custody = []
  let sound = true
  for await (const line of linesOf(file)) {
    entries += 1
    const event = JSON.parse(line)
    const hash = createHash('sha256').update([event.sequence, event.at, event.kind, event.body, event.previous].join('\n')).digest('hex')
    if (
      sound &&
      (event.sequence !== entries || event.previous !== previous || event.hash !== hash || event.time !== new Date(event.at).toISOString())
    ) {
      sound = false
      report.differs('event-chain', `entry ${entries}`, 'of events.ndjson is not what was written, or the one before it is gone')
    }
    previous = event.hash
    const facts = JSON.parse(event.body)
    if (event.kind === 'signing-key-made') keys.push(facts.fingerprint)
    if (event.kind === 'custody-added' && typeof facts.hash === 'string')
      custody.push({ device: facts.device, number: facts.entry, hash: facts.hash })
  }
  const { chain } = summary
  if (chain.whole !== sound) report.differs('event-chain', 'data/summary.json', 'does not say of the event log what the log shows')
  if (sound && (chain.entries !== entries || chain.head !== (entries === 0 ? null : previous)))
    report.differs(
      'event-chain',
      'data/events.ndjson',
      `ends at entry ${entries}, and the summary names entry ${chain.entries} as the last`,
    )
  else if (sound) report.agrees(`the event log is one chain of ${entries} entries that ends in ${previous}`)
  return { keys, custody }
}

/**
 * One chain a device: each entry's hash is the SHA-256 of the JSON text of `entry`, which holds the hash before it. The event log names each hash too.
 * @param {string} file @param {readonly ToldCustody[]} told @param {Report} report
 */
async function checkCustody(file, told, report) {
  /** @type {Map<number, { number: number, hash: string }>} */
  const heads = new Map()
  /** @type {Set<string>} */
  const hashes = new Set()
  let entries = 0
  for await (const line of linesOf(file)) {
    const { hash, entry } = JSON.parse(line)
    const last = heads.get(entry.deviceId) ?? { number: 0, hash: noHash }
    const where = `device-${entry.deviceId} entry ${last.number + 1}`
    if (
      entry.number !== last.number + 1 ||
      entry.previous !== last.hash ||
      createHash('sha256').update(JSON.stringify(entry)).digest('hex') !== hash
    )
      report.differs('custody-chain', where, 'of custody.ndjson is not what was written, or the one before it is gone')
    heads.set(entry.deviceId, { number: entry.number, hash })
    hashes.add(`${entry.deviceId} ${entry.number} ${hash}`)
    entries += 1
  }
  /** @type {Map<number, ToldCustody>} */
  const last = new Map()
  for (const one of told) {
    if (!hashes.has(`${one.device} ${one.number} ${one.hash}`))
      report.differs('custody-chain', `device-${one.device} entry ${one.number}`, 'is in the event log and not so in custody.ndjson')
    last.set(one.device, one)
  }
  for (const [device, head] of heads)
    if (last.get(device)?.hash !== head.hash)
      report.differs('custody-chain', `device-${device} entry ${head.number}`, 'is not in the event log')
  if (report.result.counts['custody-chain'] === undefined)
    report.agrees(`the custody of ${heads.size} ${heads.size === 1 ? 'device' : 'devices'} is whole: ${entries} entries`)
}

/**
 * The one walk over items.csv: each verdict held against its own digests, the counts against the summary, and what the caller gave against all of it.
 * @param {string} data @param {Asked} asked @param {any} summary @param {Report} report
 */
async function checkItems(data, asked, summary, report) {
  /** @type {Map<string, Sum>} */
  const archives = new Map()
  const sum = newSum()
  const listing = (asked.listings ?? []).length === 0 ? undefined : await readListings(asked.listings ?? [])
  const paths = summary.includesPaths === true ? rowsOf(join(data, 'items-with-paths.csv')) : undefined
  const source = newSourceCheck(asked, paths !== undefined, report)
  const fingerprints = paths === undefined ? undefined : newFingerprints()
  const objects = { compared: 0, digests: 0 }
  for await (const row of rowsOf(join(data, 'items.csv'))) {
    asked.signal?.throwIfAborted()
    const archive = String(row['archive'])
    const ofArchive = archives.get(archive) ?? newSum()
    archives.set(archive, ofArchive)
    for (const one of [sum, ofArchive]) addTo(one, row)
    checkVerdict(row, report)
    if (listing !== undefined) compareObject(row, listing, objects, asked.part === true, report)
    if (paths === undefined) continue
    const named = (await paths.next()).value
    if (named === undefined || named['item'] !== row['item'] || named['archive'] !== archive) {
      report.differs('items', 'data/items-with-paths.csv', `does not name the path of ${row['item']} in its place`)
      return
    }
    fingerprints?.add(row, named)
    await source.add(row, named)
  }
  await source.end()
  const extras = await countRows(join(data, 'extras.csv'))
  compareSums(sum, archives, extras, summary, report)
  fingerprints?.compare(summary, report)
  if (listing === undefined) return
  if (objects.compared === 0) report.couldNot('the objects: none of the versions in the listing is a version of this bundle')
  else report.agrees(`${objects.compared} items were looked up in the listing by their version, ${objects.digests} of them by digest`)
}

/** @typedef {{ items: number, bytes: number, counts: Record<string, number> }} Sum @typedef {Record<string, string>} Row */

/** @returns {Sum} */
function newSum() {
  return { items: 0, bytes: 0, counts: Object.fromEntries(outcomes.map((one) => [one, 0])) }
}

/** @param {Sum} sum @param {Row} row */
function addTo(sum, row) {
  const outcome = row['verdict'] ?? ''
  sum.items += 1
  sum.bytes += Number(row['size'])
  sum.counts[outcome] = (sum.counts[outcome] ?? 0) + 1
}

/**
 * Verified: two equal digests, of which `expected` was taken from the source bytes, for a named version of the object.
 * @param {Row} row @param {Report} report
 */
function checkVerdict(row, report) {
  if (row['verdict'] !== 'verified') return
  const { item = '', expected, actual, version_id: version, algorithm, type, sha256_hex: sha256 = '', crc64nvme_base64: crc64 } = row
  if (expected === '' || expected !== actual) report.differs('verdict', item, 'is called verified, and its two digests are not equal')
  else if (version === '' || version === 'null') report.differs('verdict', item, 'is called verified, and no version of an object is named')
  else if (type === 'FULL_OBJECT' && algorithm === 'SHA256' && sha256 !== '' && Buffer.from(sha256, 'hex').toString('base64') !== expected)
    report.differs('verdict', item, 'is called verified by a digest that is not the SHA-256 of its source bytes')
  else if (type === 'FULL_OBJECT' && algorithm === 'CRC64NVME' && crc64 !== '' && crc64 !== expected)
    report.differs('verdict', item, 'is called verified by a digest that is not the CRC64NVME of its source bytes')
}

/** @param {Sum} sum @param {Map<string, Sum>} archives @param {number} extras @param {any} summary @param {Report} report */
function compareSums(sum, archives, extras, summary, report) {
  const same = (/** @type {Sum} */ counted, /** @type {any} */ told) =>
    counted.items === told.items &&
    counted.bytes === told.bytes &&
    JSON.stringify(sorted(counted.counts)) === JSON.stringify(sorted(told.counts))
  if (!same(sum, summary)) report.differs('counts', 'data/summary.json', 'does not say what items.csv adds up to')
  for (const archive of summary.archives) {
    const counted = archives.get(String(archive.name).replace('archive-', '')) ?? newSum()
    if (!same(counted, archive)) report.differs('counts', 'data/summary.json', `does not say of ${archive.name} what items.csv adds up to`)
  }
  if (extras !== summary.extras) report.differs('counts', 'data/summary.json', 'does not say how many objects extras.csv lists')
  const green = sum.items > 0 && sum.counts['verified'] === sum.items && extras === 0 && summary.chain.whole
  if (green !== (summary.tone === 'green')) report.differs('counts', 'data/summary.json', `is ${summary.tone}, and the items say otherwise`)
  if (report.result.counts['counts'] === undefined)
    report.agrees(`${sum.items} items add up to the figures of the summary: ${sum.counts['verified']} verified`)
}

/** The content fingerprint, as docs/evidence.md of Firn defines it. Paths with escaped bytes cannot be turned back, and none is made of them. */
function newFingerprints() {
  /** @type {Map<string, import('node:crypto').Hash>} */
  const open = new Map()
  let escaped = 0
  return {
    /** @param {Row} row @param {Row} named */
    add(row, named) {
      const path = plainPath(named)
      if (path === undefined) escaped += 1
      const archive = row['archive'] ?? ''
      const hash = open.get(archive) ?? createHash('sha256')
      open.set(archive, hash)
      const anomalies = (row['anomalies'] ?? '').split(' ').join(',')
      hash.update(`${path}\0${row['size']}\0${row['sha256_hex'] || '-'}\0${row['verdict']}\0${anomalies}\n`)
    },
    /** @param {any} summary @param {Report} report */
    compare(summary, report) {
      if (escaped > 0) return report.note(`The content fingerprint was not computed again: ${escaped} paths hold bytes that are not text.`)
      const all = summary.archives.map((/** @type {any} */ one) => {
        const hash = open.get(String(one.name).replace('archive-', '')) ?? createHash('sha256')
        const hex = hash.digest('hex')
        if (hex !== one.fingerprint) report.differs('fingerprint', 'data/summary.json', `names another content fingerprint of ${one.name}`)
        return hex
      })
      const whole = createHash('sha256')
      for (const hex of all.toSorted()) whole.update(`${hex}\n`)
      if (whole.digest('hex') !== summary.contentFingerprint)
        report.differs('fingerprint', 'data/summary.json', 'names another content fingerprint')
      else report.agrees(`the content fingerprint is ${summary.contentFingerprint}`)
    },
  }
}

/** @param {Row} named @returns {string | undefined} */
function plainPath(named) {
  const shown = named['path'] ?? ''
  return named['name_form'] !== 'utf-8' || shown.includes('\\x') ? undefined : shown.slice('./'.length)
}

// ---- Against the source folder.

/** @param {Asked} asked @param {boolean} named @param {Report} report */
function newSourceCheck(asked, named, report) {
  const roots = asked.sources ?? new Map()
  const asks = roots.size > 0
  if (asks && !named)
    report.couldNot(
      'the source: this bundle names no paths. Have one written with `firn report --include-paths`; it stays inside the hospital',
    )
  let hashed = 0
  let escaped = 0
  /** @type {Set<Promise<void>>} */
  const running = new Set()
  return {
    /** @param {Row} row @param {Row} naming */
    async add(row, naming) {
      const root = roots.get(row['archive'] ?? '') ?? roots.get('')
      if (root === undefined || row['sha256_hex'] === '') return
      const path = plainPath(naming)
      if (path === undefined) {
        escaped += 1
        return
      }
      while (running.size >= filesAtOnce) await Promise.race(running)
      const one = readableDigest(join(root, path.replaceAll('/', sep)), asked.signal).then((sha256) => {
        running.delete(one)
        hashed += 1
        if (sha256 === undefined) report.differs('source', row['item'] ?? '', 'cannot be read at the source')
        else if (sha256 !== row['sha256_hex'])
          report.differs('source', row['item'] ?? '', 'has other bytes at the source than those that were read')
      })
      running.add(one)
    },
    async end() {
      await Promise.all(running)
      if (!asks || !named) return
      if (escaped > 0) report.couldNot(`the source of ${escaped} items: their paths hold bytes that are not text`)
      if (hashed === 0) report.couldNot('the source: no item of the archives that were given was ever read')
      else if (report.result.counts['source'] === undefined)
        report.agrees(`${hashed} files of the source have the SHA-256 that the bundle names`)
    },
  }
}

// ---- Against what S3 says.

/**
 * What `aws s3api list-object-versions`, `head-object --checksum-mode ENABLED` or `get-object-attributes` printed, one answer after the other. A version
 * is known by its VersionId alone: no key is needed. All of it is held in memory; a large bucket is checked prefix by prefix, with --part.
 * @param {readonly string[]} files
 */
async function readListings(files) {
  /** @type {Map<string, any>} */
  const versions = new Map()
  let whole = false
  for (const file of files) {
    for await (const answer of jsonValues(file)) {
      if (Array.isArray(answer.Versions)) whole = true
      for (const one of answer.Versions ?? [answer])
        if (typeof one.VersionId === 'string') versions.set(one.VersionId, { ...versions.get(one.VersionId), ...one })
    }
  }
  return { versions, whole }
}

/**
 * @param {Row} row @param {{ versions: Map<string, any>, whole: boolean }} listing @param {{ compared: number, digests: number }} objects
 * @param {boolean} part @param {Report} report
 */
function compareObject(row, listing, objects, part, report) {
  const { item = '', version_id: version = '', algorithm = '', actual = '', verdict = '' } = row
  if (version === '' || !['verified', 'consistent', 'present'].includes(verdict)) return
  const object = listing.versions.get(version)
  if (object === undefined) {
    if (listing.whole && !part) report.differs('object', item, `is ${verdict}, and its version is not in the listing`)
    return
  }
  objects.compared += 1
  const size = object.Size ?? object.ContentLength ?? object.ObjectSize
  if (size !== Number(row['size'])) report.differs('object', item, `has ${size} bytes in S3, and ${row['size']} in this bundle`)
  if (object.IsLatest === false)
    report.differs('object', item, 'was replaced or deleted in S3: a newer version or a delete marker hides it')
  const digest = object[`Checksum${algorithm}`] ?? object.Checksum?.[`Checksum${algorithm}`]
  if (digest === undefined) return
  objects.digests += 1
  if (digest !== actual) report.differs('object', item, `has the ${algorithm} ${digest} in S3, and ${actual} in this bundle`)
}

/** One JSON value after another, as several answers in one file are. @param {string} file @returns {AsyncGenerator<any, void>} */
async function* jsonValues(file) {
  let text = ''
  let depth = 0
  for await (const line of linesOf(file)) {
    text += `${line}\n`
    // Strings hold no line break, and what stands in them is passed over.
    for (const [mark] of line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[{}[\]]/g)) depth += mark === '{' || mark === '[' ? 1 : -1
    if (depth === 0 && text.trim() !== '') {
      yield JSON.parse(text)
      text = ''
    }
  }
  if (text.trim() !== '') throw new Error(`${file} ends in the middle of an answer`)
}

// ---- Reading.

/** @param {string} file */
async function* linesOf(file) {
  const input = createReadStream(file)
  // A file that cannot be opened must end the walk, not the program.
  await new Promise((done, failed) => input.once('open', done).once('error', failed))
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line !== '') yield line
}

/** Rows of a CSV (RFC 4180) by column; lines marked # before the header are passed over. @param {string} file @returns {AsyncGenerator<Row, undefined>} */
async function* rowsOf(file) {
  /** @type {string[] | undefined} */
  let columns
  let begun = ''
  for await (const read of linesOf(file)) {
    if (columns === undefined && read.startsWith('#')) continue
    const line = begun + read
    // A key of an object may hold a line break: the row goes on until its quotes are closed.
    begun = (line.split('"').length - 1) % 2 === 0 ? '' : `${line}\n`
    if (begun !== '') continue
    const values = valuesOf(line)
    if (columns === undefined) columns = values
    else if (values.length !== columns.length)
      throw new Error(`${file} has a row of ${values.length} values under ${columns.length} columns`)
    else yield Object.fromEntries(columns.map((column, at) => [column, values[at] ?? '']))
  }
  return undefined
}

/** @param {string} line @returns {string[]} */
function valuesOf(line) {
  if (!line.includes('"')) return line.split(',')
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gs)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

/** @param {string} file */
async function countRows(file) {
  let rows = 0
  for await (const _ of rowsOf(file)) rows += 1
  return rows
}

/** @param {string} file @param {AbortSignal | undefined} signal */
async function sha256Of(file, signal) {
  const hash = createHash('sha256')
  if ((await lstat(file)).size <= readWhole) return hash.update(await readFile(file)).digest('hex')
  for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024, ...(signal === undefined ? {} : { signal }) }))
    hash.update(piece)
  return hash.digest('hex')
}

/** @param {string} folder @param {string} name */
async function readTag(folder, name) {
  const handle = await open(join(folder, name))
  try {
    if ((await handle.stat()).size > largestTagFile) throw new Error(`${name} is too large`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** @template One @param {Iterable<One>} all @param {(one: One) => Promise<void>} work */
async function pooled(all, work) {
  const waiting = all[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: filesAtOnce }, async () => {
      for (let next = waiting.next(); next.done !== true; next = waiting.next()) await work(next.value)
    }),
  )
}

/** @param {Record<string, number>} counts */
function sorted(counts) {
  return Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}

// ---- The command line.

const usage =
  'Usage: node verify-evidence.mjs [BUNDLE] [--fingerprint SHA256] [--source FOLDER | --source ARCHIVE=FOLDER ...] [--listing FILE ...] [--part] [--json]\n'

/** @param {string[]} given */
async function main(given) {
  const options = /** @type {const} */ ({
    fingerprint: { type: 'string' },
    source: { type: 'string', multiple: true },
    listing: { type: 'string', multiple: true },
    part: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  let parsed
  try {
    parsed = parseArgs({ args: given, options, allowPositionals: true })
    if (parsed.positionals.length > 1) throw new Error('one bundle at a time')
    const { fingerprint } = parsed.values
    if (fingerprint !== undefined && !/^[0-9a-f]{64}$/i.test(fingerprint)) throw new Error('--fingerprint takes 64 hexadecimal digits')
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n${usage}`)
    return 2
  }
  const { values, positionals } = parsed
  if (values.help === true) {
    process.stdout.write(usage)
    return 0
  }
  const folder = positionals[0] ?? dirname(fileURLToPath(import.meta.url))
  const sources = new Map(
    (values.source ?? []).map((one) => {
      const [, archive, root] = /^(\d+)=(.+)$/s.exec(one) ?? []
      return archive === undefined || root === undefined ? ['', one] : [archive, root]
    }),
  )
  /** @type {Result} */
  let result
  try {
    result = await verifyEvidence(folder, {
      sources,
      listings: values.listing ?? [],
      part: values.part === true,
      ...(values.fingerprint === undefined ? {} : { fingerprint: values.fingerprint }),
    })
  } catch (error) {
    process.stderr.write(`Could not be checked: ${messageOf(error)}\n`)
    return 3
  }
  const code = result.findings.length > 0 ? 1 : result.unchecked.length > 0 ? 3 : 0
  if (values.json === true) process.stdout.write(`${JSON.stringify({ agrees: code === 0, exitCode: code, ...result }, null, 2)}\n`)
  else process.stdout.write(asText(result, values.fingerprint !== undefined))
  return code
}

/** @param {Result} result @param {boolean} keyKnown */
function asText(result, keyKnown) {
  const lines = result.agreed.map((text) => `agrees: ${text}`)
  for (const { where, text } of result.findings) lines.push(`DIFFERS: ${where} ${text}`)
  for (const [code, count] of Object.entries(result.counts))
    if (count > mostNamed) lines.push(`DIFFERS: ${count - mostNamed} more of the kind "${code}"`)
  for (const text of result.unchecked) lines.push(`NOT CHECKED: ${text}`)
  lines.push(...result.notes)
  if (result.signedBy !== undefined) {
    lines.push(`signed by: ${result.signedBy}`)
    if (!keyKnown)
      lines.push(
        'Compare this with the fingerprint that was kept when the migration was set up, or give it with --fingerprint: whoever replaces a whole bundle signs it with another key.',
      )
  }
  lines.push(
    result.findings.length > 0
      ? 'This bundle is not what was written.'
      : result.unchecked.length > 0
        ? 'Nothing differs, and not all that was asked for could be checked.'
        : 'All that was checked agrees.',
  )
  return `${lines.join('\n')}\n`
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2))
