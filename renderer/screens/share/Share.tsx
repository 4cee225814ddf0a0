/** The share lane: what the cache holds, and what of it is in S3 already. */
export function Share() {
  return <p />
}
