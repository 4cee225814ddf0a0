/** Start. */
import { useWords } from '../language.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { screenWords } from '../words/screens.ts'

export function Start() {
  return <ScreenFrame title={useWords(screenWords).start}>{null}</ScreenFrame>
}
