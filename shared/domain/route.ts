/** Routes: by which lane an item travels. */
export type Route = 'device' | 'share' | 'link'
export const routes: readonly Route[] = ['device', 'share', 'link']
export const laneNames: Readonly<Record<Route, string>> = {
  device: 'device lane (AWS Snowball)',
  share: 'share lane (Storage Gateway)',
  link: 'link lane (straight to S3)',
}
