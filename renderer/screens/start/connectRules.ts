/** What the fields of Connect take; the same rules as shared/contract/calls/migrations.ts, said before the host says them. */
export const regionPattern = /^[a-z]{2}(-[a-z]+)+-\d$/
export const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
export const prefixPattern = /^$|\/$/

/** Commercial Regions, to choose from; any other can be typed. */
export const regions: readonly string[] = [
  'eu-central-1',
  'eu-central-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'sa-east-1',
]
