/** Diagnostics. */
import { useWords } from '../language.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { screenWords } from '../words/screens.ts'

export function Diagnostics() {
  return <ScreenFrame title={useWords(screenWords).diagnostics}>{null}</ScreenFrame>
}
