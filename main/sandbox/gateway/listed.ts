/** What the gateway's account has beside its one real share, and how lists are cut into pages. */
import { S3Error } from '../contract.ts'
import type { GatewayFacts } from './gatewayParts.ts'

/** What AWS lists after the marker, at most so many, and the marker of the next page. */
export function pageOf<One>(
  all: readonly One[],
  { Marker, Limit = 100 }: { Marker?: string | undefined; Limit?: number | undefined },
  nameOf: (one: One) => string,
) {
  const left = all.filter((one) => Marker === undefined || nameOf(one) > Marker)
  const page = left.slice(0, Limit)
  const last = page.at(-1)
  return { page, next: left.length > page.length && last !== undefined ? nameOf(last) : undefined }
}

export type Listed = { readonly arn: string; readonly id: string }

/** The second share is only told of: nothing can be written to it. */
export function sharesOf(facts: GatewayFacts): readonly (Listed & { readonly locationArn: string })[] {
  const real = { arn: facts.shareArn, id: facts.shareId, locationArn: facts.locationArn }
  const { secondPrefix } = facts.traits
  if (secondPrefix === undefined) return [real]
  const bucket = facts.locationArn.split('/', 1)[0] ?? ''
  const second = {
    arn: `${facts.shareArn}2`,
    id: `${facts.shareId}2`,
    locationArn: secondPrefix === '' ? bucket : `${bucket}/${secondPrefix}`,
  }
  return [real, second]
}

export function others(facts: GatewayFacts): readonly (Listed & { readonly type: string })[] {
  return (facts.traits.others ?? []).map((type, at) => ({ arn: `${facts.gatewayArn}${at}`, id: `${facts.gatewayId}${at}`, type }))
}

export function theShare(facts: GatewayFacts, asked: string): Listed & { readonly locationArn: string } {
  const found = sharesOf(facts).find((share) => share.arn === asked)
  if (found === undefined) throw gatewayError('FileShareNotFound', 'The specified file share was not found.')
  return found
}

/** `errorCode` becomes error.errorCode in the answer, as Storage Gateway nests it. */
export function gatewayError(errorCode: string, message: string): S3Error {
  return new S3Error('InvalidGatewayRequestException', 400, message, { errorCode })
}
