// Somebody is asked to prove once more who they are, before a step that gives power or takes it.

import { shallowRef } from 'vue'

/** Set while the question is on the screen; called with whether they did. */
export const proofAsked = shallowRef<((proved: boolean) => void) | null>(null)

/** Shows the question and waits. Two steps at once share one question. */
let waiting: Promise<boolean> | null = null
export function askProof(): Promise<boolean> {
  waiting ??= new Promise<boolean>((resolve) => {
    proofAsked.value = (proved) => {
      proofAsked.value = null
      waiting = null
      resolve(proved)
    }
  })
  return waiting
}
