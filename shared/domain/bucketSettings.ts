/** Settings of a bucket that Firn can change, as documents: the policy as the text that S3 keeps, all others as the JSON of the S3 API. */
export const settingNames = ['encryption', 'policy', 'publicAccessBlock', 'ownership', 'versioning', 'lifecycle', 'logging'] as const
export type SettingName = (typeof settingNames)[number]

/** `null`: never set. */
export type SettingText = string | null

/** What the API and the AWS command line call each. `remove`: how it goes back to never having been set; S3 knows no way for versioning. */
export const settingCalls: Readonly<
  Record<SettingName, { readonly put: string; readonly option: string; readonly remove: string | undefined }>
> = {
  encryption: { put: 'put-bucket-encryption', option: '--server-side-encryption-configuration', remove: 'delete-bucket-encryption' },
  policy: { put: 'put-bucket-policy', option: '--policy', remove: 'delete-bucket-policy' },
  publicAccessBlock: {
    put: 'put-public-access-block',
    option: '--public-access-block-configuration',
    remove: 'delete-public-access-block',
  },
  ownership: { put: 'put-bucket-ownership-controls', option: '--ownership-controls', remove: 'delete-bucket-ownership-controls' },
  versioning: { put: 'put-bucket-versioning', option: '--versioning-configuration', remove: undefined },
  lifecycle: { put: 'put-bucket-lifecycle-configuration', option: '--lifecycle-configuration', remove: 'delete-bucket-lifecycle' },
  logging: { put: 'put-bucket-logging', option: '--bucket-logging-status', remove: 'put-bucket-logging' },
}

/** The same change by the AWS command line, for a POSIX shell. */
export function commandFor(bucket: string, setting: SettingName, to: SettingText): string {
  const { put, option, remove } = settingCalls[setting]
  const of = `--bucket ${bucket}`
  if (to !== null) return `aws s3api ${put} ${of} ${option} ${quoted(to)}`
  if (setting === 'logging') return `aws s3api ${put} ${of} ${option} ${quoted('{}')}`
  return remove === undefined ? `# ${setting} cannot be taken back to never having been set` : `aws s3api ${remove} ${of}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Two texts of one document are the same when their JSON is, but for white space, the order of members and lists of one. */
export function sameSetting(a: SettingText, b: SettingText): boolean {
  return a === b || (a !== null && b !== null && canonical(a) === canonical(b))
}

function canonical(text: string): string {
  try {
    return JSON.stringify(inOrder(JSON.parse(text)))
  } catch {
    return text
  }
}

function inOrder(value: unknown): unknown {
  // IAM and S3 take a list of one for the one, and may tell it so.
  if (Array.isArray(value)) return value.length === 1 ? inOrder(value[0]) : value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, inOrder(one)]),
  )
}
