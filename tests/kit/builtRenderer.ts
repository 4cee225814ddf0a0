/** Before the first test that looks at screens: they are built, once, when their sources have changed. */
import { buildRenderer } from '../../scripts/buildRenderer.mjs'

export async function setup(): Promise<void> {
  await buildRenderer({ quiet: true })
}
