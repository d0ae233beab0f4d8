import type { Ports } from '../../ports.ts';

/** What a pass of the judge could not do. */
export interface PassFailures {
  names(): readonly string[];
  add(what: string, error: unknown): void;
}

/** Logs each failure at once: the report of the pass has only its name. */
export function openPassFailures(log: Ports['log']): PassFailures {
  const failed = new Set<string>();
  return {
    names: () => [...failed],
    add: (what, error) => {
      failed.add(what);
      log({ level: 'error', message: 'not done in this pass', facts: { what, error: String(error) } });
    },
  };
}
