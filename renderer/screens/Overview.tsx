/** Overview. */
import { useWords } from '../language.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { screenWords } from '../words/screens.ts'

export function Overview() {
  return <ScreenFrame title={useWords(screenWords).overview}>{null}</ScreenFrame>
}
