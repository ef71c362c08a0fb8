// The way of a case in few steps, as people follow it; the side paths stand in the story.

export const MAIN_STAGES = ['registered', 'dispatched', 'handling', 'reported_back', 'verified', 'closed'] as const

const REACHED: Record<string, number> = {
  registered: 0, dispatched: 1, handling: 2, suspended: 2, reported_back: 3, verifying: 3, verified: 4, closed: 5, evaluated: 5, archived: 5,
}

export function stageSteps(stage: string): { stage: string; done: boolean }[] {
  const reached = REACHED[stage] ?? 0
  return MAIN_STAGES.map((one, i) => ({ stage: one, done: i <= reached }))
}
