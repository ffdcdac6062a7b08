/** The order of work on every surface; `log` always runs, also after a refusal. */
export const stageOrder = ["parse", "authenticate", "authorize", "validate", "execute"] as const;

export type StageName = (typeof stageOrder)[number];

/** One stage reads and completes the context; it refuses a request by throwing the surface's own error. */
export type Stage<Context> = (context: Context) => void | Promise<void>;

export interface Pipeline<Context> {
  readonly stages: Readonly<Record<StageName, Stage<Context>>>;
  /** Turns whatever a stage threw into the surface's error answer, on the context. */
  readonly refuse: (context: Context, error: unknown) => void;
  /** Runs last, for answers and refusals alike. */
  readonly log: (context: Context) => void;
}

/** Runs the stages in order; the first one that throws ends the request with the surface's refusal. */
export async function runPipeline<Context>(pipeline: Pipeline<Context>, context: Context): Promise<void> {
  try {
    for (const name of stageOrder) await pipeline.stages[name](context);
  } catch (error) {
    pipeline.refuse(context, error);
  } finally {
    pipeline.log(context);
  }
}
